package io.stedi.lakehouse.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.testing.ForeignFile;
import io.stedi.lakehouse.testing.TestLake;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two tables, of which the second is committed to a little later than the first. */
class RollbackTest {

  private static final Schema SCHEMA =
      new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));
  private static final List<String> TABLES = List.of("first", "second");

  @TempDir private Path folder;

  private TestLake lake;

  @BeforeEach
  void createTables() throws IOException {
    lake = TestLake.in(folder);
    for (String name : TABLES) {
      lake.create(name, SCHEMA);
    }
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void allTablesHoldWhatTheyHeldAfterAnEarlierRun() throws Exception {
    run("one", 1);
    Instant between = Instant.ofEpochMilli(lastChange("second"));
    run("two", 2);
    assertThat(contents()).containsExactly(List.of(2L), List.of(2L));
    apply(Rollback.to(lake.lake(), TABLES, between));
    assertThat(contents()).containsExactly(List.of(1L), List.of(1L));
    // And forward again, by the id of a snapshot.
    long two = snapshotOf("first", "two");
    apply(Rollback.to(lake.lake(), TABLES, two));
    assertThat(contents()).containsExactly(List.of(2L), List.of(2L));
  }

  @Test
  void betweenTwoCommitsOfARunTheContentBeforeItIsTaken() throws Exception {
    run("one", 1);
    run("two", 2);
    Instant halfPublished = Instant.ofEpochMilli(lastChange("first"));
    assertThat(halfPublished.toEpochMilli()).isLessThan(lastChange("second"));
    Rollback rollback = Rollback.to(lake.lake(), TABLES, halfPublished);
    assertThat(rollback.moment()).isBefore(halfPublished);
    apply(rollback);
    assertThat(contents()).containsExactly(List.of(1L), List.of(1L));
  }

  @Test
  void theCommitsOfACheckpointGoTogetherAndATableThatHadNoneStaysBehind() throws Exception {
    commit("first", 1, 1);
    commit("second", 1, 1);
    commit("first", 2, 2);
    commit("first", 3, 3);
    long half = lastChange("first");
    commit("second", 3, 3);
    commit("first", 4, 4);

    apply(Rollback.to(lake.lake(), TABLES, Instant.ofEpochMilli(half)));
    assertThat(contents()).containsExactly(List.of(1L, 2L), List.of(1L));
  }

  @Test
  void aTableThatWasEmptyIsEmptyAgain() throws Exception {
    Instant before = Instant.now();
    run("one", 1);
    apply(Rollback.to(lake.lake(), TABLES, before));
    assertThat(contents()).containsExactly(List.of(), List.of());
  }

  @Test
  void aStreamsStateOfAnotherMomentNoLongerFits() throws Exception {
    commit("first", 1, 1);
    long then = lastChange("first");
    commit("first", 2, 2);
    CommittedBy stream = new CommittedBy("begun", Set.of("job"), 2);
    stream.require(lake.table("first"));
    apply(Rollback.to(lake.lake(), TABLES, Instant.ofEpochMilli(then)));
    assertThatThrownBy(() -> stream.require(lake.table("first")))
        .isInstanceOf(LakehouseException.class)
        .hasMessageContaining("--fresh");
  }

  @Test
  void whatIsThereAlreadyIsLeftAsItIs() throws Exception {
    run("one", 1);
    long snapshot = lake.table("first").currentSnapshot().snapshotId();
    Rollback rollback = Rollback.to(lake.lake(), TABLES, Instant.now());
    assertThat(rollback.steps()).noneMatch(Rollback.Step::isChange);
    apply(rollback);
    assertThat(lake.table("first").currentSnapshot().snapshotId()).isEqualTo(snapshot);
  }

  @Test
  void whatIsExpiredOrUnknownIsSaid() throws Exception {
    run("one", 1);
    Instant then = Instant.ofEpochMilli(lastChange("second"));
    run("two", 2);
    lake.table("first").expireSnapshots().expireOlderThan(Long.MAX_VALUE).retainLast(1).commit();
    assertThatThrownBy(() -> Rollback.to(lake.lake(), TABLES, then))
        .hasMessageContainingAll("first", "is expired", "oldest content");
    assertThatThrownBy(() -> Rollback.to(lake.lake(), TABLES, 7))
        .hasMessageContainingAll("No table", "snapshot 7");
  }

  /** A batch run, whose tables are published one after the other. */
  private void run(String run, long id) throws Exception {
    try (Lease lease = Lease.take(lake.lake(), run)) {
      StagedWrite write = StagedWrite.begin(lake.lake(), TABLES, "run", lease);
      for (String name : TABLES) {
        Table table = lake.table(name);
        table.newAppend().toBranch(write.branch()).appendFile(file(table, id)).commit();
      }
      write.publish();
    }
    awaitNextMillisecond();
  }

  /** A stream's commit of a checkpoint. */
  private void commit(String name, long checkpoint, long id) throws Exception {
    Table table = lake.table(name);
    AppendFiles append = table.newAppend().appendFile(file(table, id));
    append.set("flink.job-id", "job");
    append.set("flink.max-committed-checkpoint-id", String.valueOf(checkpoint));
    append.commit();
    awaitNextMillisecond();
  }

  /** Commits are told apart by their milliseconds. */
  private static void awaitNextMillisecond() {
    long now = System.currentTimeMillis();
    while (System.currentTimeMillis() == now) {
      Thread.onSpinWait();
    }
  }

  private void apply(Rollback rollback) {
    try (Lease lease = Lease.take(lake.lake(), "rollback-" + System.nanoTime())) {
      rollback.apply(lease);
    }
  }

  private long lastChange(String name) {
    List<HistoryEntry> history = lake.table(name).history();
    return history.get(history.size() - 1).timestampMillis();
  }

  private long snapshotOf(String name, String run) {
    long found = -1;
    for (var snapshot : lake.table(name).snapshots()) {
      if (run.equals(snapshot.summary().get(RunSnapshots.RUN))) {
        found = snapshot.snapshotId();
      } else if (found >= 0 && snapshot.parentId() != null && snapshot.parentId() == found) {
        return snapshot.snapshotId();
      }
    }
    throw new AssertionError("no snapshot of the run " + run);
  }

  private static org.apache.iceberg.DataFile file(Table table, long id) throws IOException {
    Record row = GenericRecord.create(table.schema());
    row.setField("id", id);
    return ForeignFile.write(table, List.of(row));
  }

  private List<List<Long>> contents() throws IOException {
    List<List<Long>> contents = new ArrayList<>();
    for (String name : TABLES) {
      contents.add(
          lake.records(name).stream().map(row -> (Long) row.getField("id")).sorted().toList());
    }
    return contents;
  }
}
