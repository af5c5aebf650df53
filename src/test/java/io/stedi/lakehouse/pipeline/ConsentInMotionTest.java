package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.testing.LakeRows;
import io.stedi.lakehouse.testing.RawFiles;
import io.stedi.lakehouse.testing.ReferenceTables.Customer;
import io.stedi.lakehouse.testing.ReferenceTables.Motion;
import io.stedi.lakehouse.testing.ReferenceTables.Step;
import io.stedi.lakehouse.testing.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Consent that is given and taken back while the job runs, against batch runs over the same files.
 */
class ConsentInMotionTest {

  private static final Duration DEADLINE = Duration.ofMinutes(1);
  private static final String CHECKPOINT = "flink.max-committed-checkpoint-id";

  /** The tables of readings, which are many. */
  private static final List<String> READINGS =
      List.of("accelerometer_trusted", "step_trainer_trusted", "machine_learning_curated");

  private static final long T = 1_655_000_000_000L;

  @TempDir private Path folder;
  private TestLake lake;
  private Path raw;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyChangeOfConsentIsInEveryTableWithTheCommitOfItsVersion(boolean fromDate)
      throws Exception {
    raw = folder.resolve("raw");
    try (TestLake opened =
        TestLake.in(
            folder.resolve("lake"),
            settings(
                fromDate, "streaming.bounded", "false", "streaming.monitor-interval", "100ms"))) {
      lake = opened;
      PipelineRun run = start();
      arrive("customer", customer("ann", "a1", 1, 10, T + 5), customer("bob", "b1", 1, 10, null));
      arrive("customer", customer("cid", "c1", 1, 10, T + 1));
      for (String person : List.of("ann", "bob", "cid")) {
        List<String> motions = new ArrayList<>();
        List<String> steps = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
          motions.add(RawFiles.json(new Motion(person + "@x", T + i, i, 0, 1)));
          steps.add(RawFiles.json(new Step(T + i, person.charAt(0) + "1", i)));
        }
        arrive("accelerometer", motions.toArray(String[]::new));
        arrive("step_trainer", steps.toArray(String[]::new));
      }
      awaitRowsOfBatch("at first", fromDate);
      assertThat(users()).containsOnly("ann@x", "cid@x");

      arrive("customer", customer("ann", "a1", 1, 20, null));
      awaitRowsOfBatch("a withdrawal", fromDate);
      assertThat(users()).containsOnly("cid@x");
      assertCommittedTogether(TestLake.DERIVED);

      arrive("customer", customer("bob", "b1", 1, 20, T + 2));
      awaitRowsOfBatch("a late consent", fromDate);
      assertThat(users()).containsOnly("bob@x", "cid@x");

      Map<String, Long> deletes = deletes();
      arrive("customer", customer("bob", "b1", 1, 15, null));
      arrive("customer", customer("cid", "c1", 1, 20, T + 1).replace("8015551212", "911"));
      awaitRowsOfBatch("an old version that is late, and a new phone number", fromDate);
      assertThat(new LakeRows(lake).rows("customer_trusted", "phone")).contains("911");
      assertThat(deletes()).isEqualTo(deletes);

      arrive("customer", customer("bob", "b2", 2, 5, null));
      awaitRowsOfBatch("another account of the address, without consent", fromDate);
      assertThat(users()).containsOnly("cid@x");

      arrive("customer", customer("ann", "a1", 1, 30, T + 8));
      awaitRowsOfBatch("consent given again", fromDate);
      assertThat(new LakeRows(lake).rows("accelerometer_trusted", "account", "timestamp"))
          .filteredOn(row -> row.startsWith("ann@x"))
          .hasSize(fromDate ? 2 : 10);
      assertThat(run.stop()).isTrue();
      run.await();
    }
  }

  private PipelineRun start() throws IOException {
    Files.createDirectories(raw);
    return new Pipeline(lake.settings(), lake.lake())
        .run(RunMode.STREAMING, raw.toUri(), Set.of(), false);
  }

  private static Map<String, String> settings(boolean fromDate, String... more) {
    Map<String, String> settings =
        new TreeMap<>(
            Map.of(
                "consent.from-date",
                String.valueOf(fromDate),
                "streaming.settle-time",
                "100ms",
                "streaming.checkpoint-interval",
                "500ms"));
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return settings;
  }

  private static String customer(
      String person, String serial, long registered, long updated, Long consent) {
    return RawFiles.json(new Customer(person + "@x", serial, T + registered, T + updated, consent));
  }

  private void arrive(String kind, String... records) throws IOException {
    RawFiles.arrive(raw, kind, records);
  }

  private List<String> users() throws IOException {
    return new LakeRows(lake).rows("accelerometer_trusted", "user");
  }

  private void awaitRowsOfBatch(String what, boolean fromDate) throws IOException {
    Map<String, List<String>> expected;
    try (TestLake batch = TestLake.in(folder.resolve("batch of " + what), settings(fromDate))) {
      batch.run(RunMode.BATCH, raw);
      expected = rows(batch);
    }
    Awaitility.await(what).atMost(DEADLINE).until(() -> rows(lake).equals(expected));
  }

  private static Map<String, List<String>> rows(TestLake lake) throws IOException {
    Map<String, List<String>> rows = new TreeMap<>();
    for (String table : lake.counts().keySet()) {
      List<String> columns =
          lake.table(table).schema().columns().stream().map(column -> column.name()).toList();
      rows.put(table, new LakeRows(lake).rows(table, columns.toArray(String[]::new)));
    }
    return rows;
  }

  /**
   * The last deletes of tables are of the checkpoint that brought the last version of a customer.
   */
  private void assertCommittedTogether(List<String> tables) {
    String checkpoint = lastCheckpoint("customer_landing", SnapshotSummary.ADDED_RECORDS_PROP);
    for (String table : tables) {
      assertThat(lastCheckpoint(table, SnapshotSummary.ADDED_EQ_DELETES_PROP))
          .as(table)
          .isEqualTo(checkpoint);
    }
  }

  /** The checkpoint of the last snapshot that has a property. */
  private String lastCheckpoint(String table, String property) {
    Snapshot last = null;
    for (Snapshot snapshot : lake.table(table).snapshots()) {
      if (snapshot.summary().containsKey(property)) {
        last = snapshot;
      }
    }
    assertThat(last).as("%s has a snapshot with %s", table, property).isNotNull();
    return last.summary().get(CHECKPOINT);
  }

  /** How many rows of readings were taken back so far. */
  private Map<String, Long> deletes() {
    Map<String, Long> deletes = new TreeMap<>();
    for (String table : READINGS) {
      long sum = 0;
      for (Snapshot snapshot : lake.table(table).snapshots()) {
        sum +=
            Long.parseLong(
                snapshot.summary().getOrDefault(SnapshotSummary.ADDED_EQ_DELETES_PROP, "0"));
      }
      deletes.put(table, sum);
    }
    return deletes;
  }
}
