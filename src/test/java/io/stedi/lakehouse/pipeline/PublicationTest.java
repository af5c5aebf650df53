package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.SharedLake;
import io.stedi.lakehouse.testing.TestLake;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job publishes what it wrote, whether anybody waits for it or not. */
class PublicationTest {

  @TempDir private Path folder;

  @Test
  void aJobWhosePublicationIsRefusedFailsAndLeavesTheLakeToTheNext() throws Exception {
    Path raw = SharedLake.sample().raw();
    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      lake.run(RunMode.BATCH, raw);
      Map<String, Long> before = lake.counts();
      assertThat(before).isEqualTo(SharedLake.sample().counts());
      Pipeline pipeline = new Pipeline(lake.settings(), lake.lake());

      PipelineRun refused = pipeline.run(RunMode.BATCH, raw.toUri(), Set.of(), Resume.SAME_PROGRAM);
      // Somebody else commits while the job runs, even if it changes nothing.
      lake.table("customer_trusted").newAppend().commit();
      assertThatThrownBy(refused::await)
          .isInstanceOf(LakehouseException.class)
          .hasMessageContainingAll("customer_trusted", "written to by somebody else");
      assertThat(lake.counts()).isEqualTo(before);
      Table table = lake.table("customer_trusted");
      assertThat(table.refs().keySet()).as("branches").containsExactly("main");

      // The lease is free at once.
      lake.run(RunMode.BATCH, raw);
      assertThat(lake.counts()).isEqualTo(before);
    }
  }
}
