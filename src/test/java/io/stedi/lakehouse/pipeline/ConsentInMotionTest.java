package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.LakeRows;
import io.stedi.lakehouse.testing.RawFiles;
import io.stedi.lakehouse.testing.ReferenceTables;
import io.stedi.lakehouse.testing.ReferenceTables.Customer;
import io.stedi.lakehouse.testing.ReferenceTables.Motion;
import io.stedi.lakehouse.testing.ReferenceTables.Rules;
import io.stedi.lakehouse.testing.ReferenceTables.Step;
import io.stedi.lakehouse.testing.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Consent that is given and taken back while the job runs, against a computation that shares
 * nothing with the jobs, and in the end against a batch run over the same files.
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

  /** What has arrived. */
  private final List<Customer> customers = new ArrayList<>();

  private final List<Motion> motions = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();

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
      arrive(customer("ann", "a1", 1, 10, T + 5), customer("bob", "b1", 1, 10, null));
      arrive(customer("cid", "c1", 1, 10, T + 1));
      for (String person : List.of("ann", "bob", "cid")) {
        readingsArrive(person);
      }
      awaitReference("at first", fromDate);
      assertThat(users()).containsOnly("ann@x", "cid@x");

      arrive(customer("ann", "a1", 1, 20, null));
      awaitReference("a withdrawal", fromDate);
      assertThat(users()).containsOnly("cid@x");
      assertCommittedTogether(TestLake.DERIVED);

      arrive(customer("bob", "b1", 1, 20, T + 2));
      awaitReference("a late consent", fromDate);
      assertThat(users()).containsOnly("bob@x", "cid@x");

      Map<String, Long> deletes = deletes();
      arrive(customer("bob", "b1", 1, 15, null));
      Customer called = customer("cid", "c1", 1, 20, T + 1);
      customers.add(called);
      RawFiles.arrive(raw, "customer", RawFiles.json(called).replace("8015551212", "911"));
      awaitReference("an old version that is late, and a new phone number", fromDate);
      Awaitility.await("the new phone number")
          .atMost(DEADLINE)
          .until(() -> new LakeRows(lake).rows("customer_trusted", "phone").contains("911"));
      assertThat(deletes()).isEqualTo(deletes);

      arrive(customer("bob", "b2", 2, 5, null));
      awaitReference("another account of the address, without consent", fromDate);
      assertThat(users()).containsOnly("cid@x");

      arrive(customer("ann", "a1", 1, 30, T + 8));
      awaitReference("consent given again", fromDate);
      assertThat(new LakeRows(lake).rows("accelerometer_trusted", "account", "timestamp"))
          .filteredOn(row -> row.startsWith("ann@x"))
          .hasSize(fromDate ? 2 : 10);
      assertThat(run.stop()).isTrue();
      run.await();
      try (TestLake batch = TestLake.in(folder.resolve("batch"), settings(fromDate))) {
        batch.run(RunMode.BATCH, raw);
        assertThat(rows(lake)).isEqualTo(rows(batch));
      }
    }
  }

  private PipelineRun start() throws IOException {
    Files.createDirectories(raw);
    return new Pipeline(lake.settings(), lake.lake())
        .run(RunMode.STREAMING, raw.toUri(), Set.of(), Resume.SAME_PROGRAM);
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

  private static Customer customer(
      String person, String serial, long registered, long updated, Long consent) {
    return new Customer(person + "@x", serial, T + registered, T + updated, consent);
  }

  private void arrive(Customer... versions) throws IOException {
    customers.addAll(List.of(versions));
    RawFiles.arrive(
        raw, "customer", Stream.of(versions).map(RawFiles::json).toArray(String[]::new));
  }

  /** Ten motions and ten steps of a person, at the same instants as everybody's. */
  private void readingsArrive(String person) throws IOException {
    List<Motion> moved = new ArrayList<>();
    List<Step> stepped = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      moved.add(new Motion(person + "@x", T + i, i, 0, 1));
      stepped.add(new Step(T + i, person.charAt(0) + "1", i));
    }
    motions.addAll(moved);
    steps.addAll(stepped);
    RawFiles.arrive(
        raw, "accelerometer", moved.stream().map(RawFiles::json).toArray(String[]::new));
    RawFiles.arrive(
        raw, "step_trainer", stepped.stream().map(RawFiles::json).toArray(String[]::new));
  }

  private List<String> users() throws IOException {
    return new LakeRows(lake).rows("accelerometer_trusted", "user");
  }

  /** Waits until all that has arrived is landed, and the derived tables are what it means. */
  private void awaitReference(String what, boolean fromDate) throws GeneralSecurityException {
    ReferenceTables expected =
        new ReferenceTables(customers, motions, steps, new Rules(fromDate, false, false, 0));
    LakeRows rows = new LakeRows(lake);
    Awaitility.await(what)
        .atMost(DEADLINE)
        .untilAsserted(
            () -> {
              assertThat(lake.records("customer_landing")).hasSameSizeAs(customers);
              assertThat(rows.customerTrusted())
                  .containsExactlyElementsOf(expected.customerTrusted());
              assertThat(rows.customerCurated())
                  .containsExactlyElementsOf(expected.customerCurated());
              assertThat(rows.accelerometerTrusted())
                  .containsExactlyElementsOf(expected.accelerometerTrusted());
              assertThat(rows.stepTrainerTrusted())
                  .containsExactlyElementsOf(expected.stepTrainerTrusted());
              assertThat(rows.machineLearningCurated())
                  .containsExactlyElementsOf(expected.machineLearningCurated());
            });
  }

  private static Map<String, List<String>> rows(TestLake lake) throws IOException {
    Map<String, List<String>> rows = new TreeMap<>();
    for (String table : lake.counts().keySet()) {
      rows.put(table, new LakeRows(lake).all(table));
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
