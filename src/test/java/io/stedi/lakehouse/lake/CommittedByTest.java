package io.stedi.lakehouse.lake;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.testing.TestLake;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommittedByTest {

  private static final Schema SCHEMA =
      new Schema(List.of(Types.NestedField.required(1, "id", Types.LongType.get())));

  @TempDir private Path folder;

  /** A retention of somebody else's takes the snapshots that tell, and the stream would go on. */
  @Test
  void aTableOfWhichNoSnapshotTellsItsWriterIsRefused() throws Exception {
    CommittedBy state = new CommittedBy("begun", Set.of("job"), 7);
    try (TestLake lake = TestLake.in(folder)) {
      lake.create("readings", SCHEMA);
      Table table = lake.table("readings");
      assertThatCode(() -> state.require(table)).as("without rows").doesNotThrowAnyException();
      table
          .newAppend()
          .set("flink.job-id", "job")
          .set("flink.max-committed-checkpoint-id", "7")
          .commit();
      table.newAppend().commit();
      assertThatCode(() -> state.require(table)).doesNotThrowAnyException();
      table
          .expireSnapshots()
          .expireOlderThan(System.currentTimeMillis() + 1)
          .retainLast(1)
          .commit();
      assertThatThrownBy(() -> state.require(table))
          .isInstanceOf(LakehouseException.class)
          .hasMessageContainingAll("readings", "who wrote its rows", "--fresh");
    }
  }
}
