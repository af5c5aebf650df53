package io.stedi.lakehouse.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.testing.ForeignFile;
import io.stedi.lakehouse.testing.TestLake;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to a replacement when others are at work, and when it is cut short. */
class StagedWriteTest {

  private static final Schema SCHEMA =
      new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));
  private static final List<String> TABLES = List.of("first", "second", "third");

  /** How many a reader lives through. */
  private static final int PUBLICATIONS = 10;

  @TempDir private Path folder;

  private TestLake lake;

  @BeforeEach
  void createTables() throws IOException {
    lake = TestLake.in(folder);
    for (String name : TABLES) {
      lake.create(name, SCHEMA);
      append(lake.table(name), "main", 1, 2);
    }
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void theFormerContentStaysUntilAllIsPublished() throws Exception {
    try (Lease lease = Lease.take(lake.lake(), "run")) {
      StagedWrite write = StagedWrite.begin(lake.lake(), TABLES, "run", lease);
      write(write, 7);
      assertThat(contents()).containsOnly(List.of(1L, 2L));
      write.publish();
      assertThat(contents()).containsOnly(List.of(7L));
      assertThat(branches()).containsOnly(List.of("main"));
      assertThat(lease.ready()).isEmpty();
    }
  }

  @Test
  void whatAKilledJobLeftGoesWithThePublishingOfTheNext() throws Exception {
    DataFile left = file(lake.table("second"), 9);
    Path place = Path.of(URI.create(left.location()));
    Files.setLastModifiedTime(
        place, FileTime.from(Instant.now().minus(OrphanFiles.AGE).minus(Duration.ofMinutes(1))));
    try (Lease lease = Lease.take(lake.lake(), "run")) {
      StagedWrite write = StagedWrite.begin(lake.lake(), TABLES, "run", lease);
      write(write, 7);
      assertThat(place).exists();
      write.publish();
      assertThat(place).doesNotExist();
      assertThat(contents()).containsOnly(List.of(7L));
    }
  }

  @Test
  void asManyRunsAsThereAreOneWrites() throws Exception {
    try (Lease lease = Lease.take(lake.lake(), "one")) {
      assertThatThrownBy(() -> Lease.take(lake.lake(), "two"))
          .isInstanceOf(LakehouseException.class)
          .hasMessageContainingAll("Another run is writing", "run one", "runs out at");
    }
    Lease.take(lake.lake(), "two").close();
  }

  @Test
  void aRunWhoseProcessHasEndedOrWhoseTimeIsUpHoldsNothing() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    Holder self = Holder.self("x", Instant.now(), Duration.ofHours(1));
    Lease.take(lake.lake(), "any").close();
    hold(new Holder("dead", self.machine(), ended.pid(), 1, self.expires()));
    Lease.take(lake.lake(), "next").close();
    hold(new Holder("slept", "another machine", 1, 1, System.currentTimeMillis() - 1));
    Lease.take(lake.lake(), "next").close();
    hold(new Holder("lives", "another machine", 1, 1, self.expires()));
    assertThatThrownBy(() -> Lease.take(lake.lake(), "next")).hasMessageContaining("run lives");
  }

  @Test
  void aLakeIsTiedToItsKey() {
    try (Lease lease = Lease.take(lake.lake(), "one")) {
      lease.requireKey("k1", false);
      lease.requireKey("k1", false);
    }
    try (Lease lease = Lease.take(lake.lake(), "two")) {
      assertThatThrownBy(() -> lease.requireKey("k2", false))
          .isInstanceOf(LakehouseException.class)
          .hasMessageContainingAll("k1", "pseudonym.accept-new-key");
      lease.requireKey("k2", true);
      lease.requireKey("k2", false);
      assertThatThrownBy(() -> lease.requireKey("1-k2", false))
          .isInstanceOf(LakehouseException.class)
          .hasMessageContainingAll("another version of the program", "pseudonym.accept-new-key");
    }
  }

  @Test
  void aRunThatLostItsLeasePublishesNothing() throws Exception {
    Lease lost = Lease.take(lake.lake(), "one");
    StagedWrite write = StagedWrite.begin(lake.lake(), TABLES, "run", lost);
    write(write, 7);
    hold(new Holder("two", "another machine", 1, 1, System.currentTimeMillis() + 60_000));
    assertThatThrownBy(write::publish)
        .isInstanceOf(LakehouseException.class)
        .hasMessageContaining("lost its claim");
    assertThat(contents()).containsOnly(List.of(1L, 2L));
    lost.close();
    assertThatThrownBy(() -> Lease.take(lake.lake(), "three")).hasMessageContaining("run two");
  }

  @Test
  void aBranchThatTheSinkMadeItselfIsNotPublished() throws Exception {
    try (Lease lease = Lease.take(lake.lake(), "run")) {
      StagedWrite write = StagedWrite.begin(lake.lake(), TABLES, "run", lease);
      Table second = lake.table("second");
      second.manageSnapshots().removeBranch(write.branch()).commit();
      write(write, 7);
      assertThatThrownBy(write::publish)
          .isInstanceOf(LakehouseException.class)
          .hasMessageContainingAll("second", "does not start empty");
      assertThat(contents()).as("none is published").containsOnly(List.of(1L, 2L));
    }
  }

  @Test
  void compactionMeanwhileIsNoConflictAndNewRowsAre() throws Exception {
    try (Lease lease = Lease.take(lake.lake(), "run")) {
      StagedWrite write = StagedWrite.begin(lake.lake(), TABLES, "run", lease);
      write(write, 7);
      Table first = lake.table("first");
      DataFile old = onlyFile(first);
      first.newRewrite().deleteFile(old).addFile(file(first, 2, 1)).commit();
      write.publish();
      assertThat(contents()).containsOnly(List.of(7L));
    }
    try (Lease lease = Lease.take(lake.lake(), "next")) {
      StagedWrite write = StagedWrite.begin(lake.lake(), TABLES, "run", lease);
      write(write, 8);
      append(lake.table("third"), "main", 99);
      assertThatThrownBy(write::publish)
          .isInstanceOf(LakehouseException.class)
          .hasMessageContainingAll("third", "written to by somebody else");
      assertThat(contents()).containsExactly(List.of(7L), List.of(7L), List.of(7L, 99L));
    }
  }

  @Test
  void aRunThatWasKilledWhilePublishingIsFinishedByTheNext() throws Exception {
    Lease killed = Lease.take(lake.lake(), "killed");
    StagedWrite write = StagedWrite.begin(lake.lake(), TABLES, "run", killed);
    write(write, 7);
    killed.markReady(TABLES);
    // Published the first of three, as publish does, and no more.
    Table first = lake.table("first");
    first.manageSnapshots().fastForwardBranch("main", write.branch()).commit();
    first.manageSnapshots().removeBranch(write.branch()).commit();
    assertThat(contents()).containsExactly(List.of(7L), List.of(1L, 2L), List.of(1L, 2L));
    killed.close();

    try (Lease lease = Lease.take(lake.lake(), "next")) {
      StagedWrite next = StagedWrite.begin(lake.lake(), TABLES, "run", lease);
      assertThat(contents()).as("before the next writes").containsOnly(List.of(7L));
      write(next, 8);
      next.publish();
      assertThat(contents()).containsOnly(List.of(8L));
      assertThat(branches()).containsOnly(List.of("main"));
    }
  }

  @Test
  void whatARunThatWasKilledBeforeItWasReadyLeftIsDropped() throws Exception {
    Lease killed = Lease.take(lake.lake(), "killed");
    write(StagedWrite.begin(lake.lake(), TABLES, "run", killed), 7);
    killed.close();
    try (Lease lease = Lease.take(lake.lake(), "next")) {
      StagedWrite next = StagedWrite.begin(lake.lake(), TABLES, "run", lease);
      write(next, 8);
      next.publish();
      assertThat(contents()).containsOnly(List.of(8L));
      assertThat(branches()).containsOnly(List.of("main"));
    }
  }

  @Test
  void aTableThatIsReplacedAgainAndAgainStaysAsLargeAsAFewOfItsContents() throws Exception {
    List<Long> files = new ArrayList<>();
    for (int run = 1; run <= 8; run++) {
      try (Lease lease = Lease.take(lake.lake(), "run-" + run)) {
        StagedWrite write = StagedWrite.begin(lake.lake(), TABLES, "run", lease);
        write(write, run);
        write(write, 100 + run);
        write.publish();
      }
      Table table = lake.table("first");
      try (var tree = Files.walk(folder.resolve("warehouse/stedi/first"))) {
        files.add(tree.filter(Files::isRegularFile).count());
      }
      assertThat(contents()).containsOnly(List.of((long) run, 100L + run));
      if (run > StagedWrite.FORMER_RUNS) {
        // Back to the runs before, and no further.
        List<List<Long>> readable = new ArrayList<>();
        for (var snapshot : table.snapshots()) {
          try (var rows = IcebergGenerics.read(table).useSnapshot(snapshot.snapshotId()).build()) {
            List<Long> ids = new ArrayList<>();
            rows.forEach(row -> ids.add((Long) row.getField("id")));
            ids.sort(null);
            readable.add(ids);
          }
        }
        assertThat(readable)
            .contains(
                List.of((long) run, 100L + run),
                List.of(run - 1L, 99L + run),
                List.of(run - 2L, 98L + run));
        assertThat(readable.stream().flatMap(List::stream).mapToLong(id -> id % 100).min())
            .hasValue(run - 2);
      }
    }
    assertThat(files.get(7))
        .as("files after each run: %s", files)
        .isLessThanOrEqualTo(2 * files.get(1));
  }

  @Test
  void aReaderNeverSeesATableEmptyOrDoubled() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService readers = Executors.newSingleThreadExecutor();
    try (TestLake other = TestLake.in(folder)) {
      Future<Set<Integer>> seen =
          readers.submit(
              () -> {
                Set<Integer> rows = new TreeSet<>();
                int reads = 0;
                while (!done.get()) {
                  for (String name : TABLES) {
                    rows.add(other.records(name).size());
                    reads++;
                  }
                }
                assertThat(reads).as("reads during the publications").isGreaterThan(PUBLICATIONS);
                return rows;
              });
      for (int run = 1; run <= PUBLICATIONS && !seen.isDone(); run++) {
        try (Lease lease = Lease.take(lake.lake(), "run-" + run)) {
          StagedWrite write = StagedWrite.begin(lake.lake(), TABLES, "run", lease);
          write(write, run, 100 + run);
          write.publish();
        }
      }
      done.set(true);
      assertThat(seen.get(1, TimeUnit.MINUTES)).containsExactly(2);
    } finally {
      readers.shutdownNow();
    }
  }

  /** As on a cluster, where the program runs again after a JobManager was lost. */
  @Test
  void beginningTwiceIsHarmlessAndOnlyWhatTheJobWroteIsPublished() throws Exception {
    Lease first = Lease.take(lake.lake(), "job");
    StagedWrite before = StagedWrite.begin(lake.lake(), TABLES, "run", first);
    write(before, 7);
    lost();
    try (Lease second = Lease.take(lake.lake(), "job")) {
      StagedWrite after = StagedWrite.begin(lake.lake(), TABLES, "run", second);
      assertThat(after.branch()).isEqualTo(before.branch());
      append(lake.table("first"), after.branch(), 8);
      after.publish();
      assertThat(contents()).containsExactly(List.of(7L, 8L), List.of(7L), List.of(7L));
      lost();
    }

    // Once more, after all is done: nothing is emptied.
    try (Lease third = Lease.take(lake.lake(), "job")) {
      StagedWrite.begin(lake.lake(), TABLES, "run", third).publish();
      assertThat(contents()).containsExactly(List.of(7L, 8L), List.of(7L), List.of(7L));
      assertThat(branches()).containsOnly(List.of("main"));
    }
    first.close();
  }

  /**
   * As of the next application of a highly available cluster, which has its id from the cluster.
   */
  @Test
  void anotherRunOfTheSameIdIsRefused() throws Exception {
    try (Lease lease = Lease.take(lake.lake(), "job")) {
      StagedWrite write = StagedWrite.begin(lake.lake(), TABLES, "run", lease);
      write(write, 7);
      write.publish();
    }
    try (Lease lease = Lease.take(lake.lake(), "job")) {
      assertThatThrownBy(() -> StagedWrite.begin(lake.lake(), TABLES, "run", lease))
          .isInstanceOf(LakehouseException.class)
          .hasMessageContainingAll("first", "id job", "--job-id");
    }
    assertThat(contents()).containsOnly(List.of(7L));
  }

  /** From the program that submits a job to the JobManager that runs it. */
  @Test
  void aLeaseIsGivenUpByTheProcessThatHoldsItAndByNoOther() throws Exception {
    AtomicReference<LakehouseException> lost = new AtomicReference<>();
    Lease program = Lease.take(lake.lake(), "job", lost::set);
    assertThat(program.isResumed()).isFalse();
    hold(new Holder("job", "another machine", 1, 1, System.currentTimeMillis() + 60_000));
    program.renew();
    program.close();
    assertThatThrownBy(() -> Lease.take(lake.lake(), "other")).hasMessageContaining("run job");
    try (Lease again = Lease.take(lake.lake(), "job")) {
      assertThat(again.isResumed()).isTrue();
    }
    assertThat(lost).hasValue(null);
    Lease.take(lake.lake(), "other").close();
  }

  @Test
  void whoHoldsALeaseIsToldThatAnotherRunTookIt() throws Exception {
    List<LakehouseException> lost = new ArrayList<>();
    Lease lease = Lease.take(lake.lake(), "one", lost::add);
    lease.renew();
    assertThat(lost).isEmpty();
    hold(new Holder("two", "another machine", 1, 1, System.currentTimeMillis() + 60_000));
    lease.renew();
    assertThat(lost)
        .singleElement()
        .satisfies(loss -> assertThat(loss).hasMessageContaining("lost its claim"));
    lease.close();
  }

  @Test
  void whatIsReadyIsNotAbandonedButLeftToTheNextRun() throws Exception {
    try (Lease lease = Lease.take(lake.lake(), "job")) {
      StagedWrite write = StagedWrite.begin(lake.lake(), TABLES, "run", lease);
      write(write, 7);
      lease.markReady(TABLES);
      write.abandon();
    }
    try (Lease next = Lease.take(lake.lake(), "next")) {
      StagedWrite.begin(lake.lake(), TABLES, "run", next).abandon();
      assertThat(contents()).containsOnly(List.of(7L));
      assertThat(branches()).containsOnly(List.of("main"));
    }
  }

  /** A JobManager that was lost after the job was published and before that was recorded. */
  @Test
  void aJobThatRunsOnceMoreAfterItWasPublishedChangesNothing() throws Exception {
    try (Lease lease = Lease.take(lake.lake(), "job")) {
      StagedWrite write = StagedWrite.begin(lake.lake(), TABLES, "run", lease);
      write(write, 7);
      write.publish();
      // The sink finds no branch, and makes one of the published content.
      write(write, 8);
      StagedWrite.resume(lake.lake(), TABLES, lease).publish();
      assertThat(contents()).containsOnly(List.of(7L));
      assertThat(branches()).containsOnly(List.of("main"));
      assertThat(lease.ready()).isEmpty();
    }
  }

  /** The process that holds the lease of the run is on a machine that is gone. */
  private void lost() {
    hold(new Holder("job", "another machine", 1, 1, System.currentTimeMillis() + 60_000));
  }

  private void hold(Holder holder) {
    Table table = lake.table(Lease.TABLE);
    var update = table.updateProperties();
    holder.in(Map.of()).forEach(update::set);
    update.commit();
  }

  private void write(StagedWrite write, long... ids) throws IOException {
    for (String name : TABLES) {
      append(lake.table(name), write.branch(), ids);
    }
  }

  private static void append(Table table, String branch, long... ids) throws IOException {
    table.newAppend().appendFile(file(table, ids)).toBranch(branch).commit();
  }

  private static DataFile file(Table table, long... ids) throws IOException {
    List<Record> rows = new ArrayList<>();
    for (long id : ids) {
      Record record = GenericRecord.create(SCHEMA);
      record.setField("id", id);
      rows.add(record);
    }
    return ForeignFile.write(table, rows);
  }

  private static DataFile onlyFile(Table table) throws IOException {
    try (var tasks = table.newScan().planFiles()) {
      return tasks.iterator().next().file();
    }
  }

  private List<List<Long>> contents() throws IOException {
    List<List<Long>> contents = new ArrayList<>();
    for (String name : TABLES) {
      contents.add(
          lake.records(name).stream().map(row -> (Long) row.getField("id")).sorted().toList());
    }
    return contents;
  }

  private List<List<String>> branches() {
    return TABLES.stream().map(name -> List.copyOf(lake.table(name).refs().keySet())).toList();
  }
}
