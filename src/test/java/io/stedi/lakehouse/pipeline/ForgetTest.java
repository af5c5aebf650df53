package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.check.CheckReport;
import io.stedi.lakehouse.check.LakeCheck;
import io.stedi.lakehouse.files.Location;
import io.stedi.lakehouse.forget.BlankedFile;
import io.stedi.lakehouse.forget.ForgottenRecords;
import io.stedi.lakehouse.maintain.Forgetting;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.LakeFolder;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.table.planner.plan.nodes.exec.ExecNodeContext;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.encryption.EncryptedFiles;
import org.apache.iceberg.formats.FormatModelRegistry;
import org.apache.iceberg.io.DataWriter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People who are forgotten are gone from everywhere, stay so, and nobody else is touched. */
class ForgetTest {

  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final long REGISTERED = 1_650_000_000_000L;
  private static final int PEOPLE = 10;

  /** Their addresses as they ask, in other spellings than the records have. */
  private static final List<String> ASKED =
      List.of(
          "PERSON1@Lake.example",
          " person2@lake.example",
          "mailto:person3@lake.example",
          "person8@lake.example");

  /** What must be found nowhere; the devices of person 3 and 8 are others', too. */
  private static final List<String> TRACES =
      List.of(
          "person1@",
          "person2@",
          "person3@",
          "person8@",
          "device-1-",
          "device-2-",
          "name of person1",
          "name of person2",
          "name of person3",
          "name of person8");

  @TempDir private Path folder;
  private Path input;
  private Path without;

  /** Each person has readings of the phone and of the step trainer at the same instants. */
  @BeforeEach
  void write() throws IOException {
    input = folder.resolve("in");
    without = folder.resolve("without");
    Map<String, List<String>> lines = new TreeMap<>();
    Map<String, List<String>> kept = new TreeMap<>();
    for (int i = 0; i < PEOPLE; i++) {
      boolean forgotten = i >= 1 && i <= 3 || i == 8;
      add(
          "customer",
          List.of(customer(i, REGISTERED, 0), customer(i, REGISTERED, 1)),
          forgotten,
          lines,
          kept);
      for (int n = 0; n < 5; n++) {
        long time = REGISTERED + i * 1_000L + n;
        add("accelerometer", List.of(motion(i, time), motion(i, time)), forgotten, lines, kept);
        add("step_trainer", List.of(step(i, time)), forgotten && i < 3, lines, kept);
      }
    }
    // Rejects that name somebody, two of whom are forgotten.
    for (int i = 0; i < 3; i++) {
      String cut = customer(i, REGISTERED, 2).replaceFirst("\"lastUpdateDate.*", "");
      lines.get("customer").add(cut);
      kept.get("customer").add(cut);
      String noTime = "{\"serialNumber\":\"device-%d-x\",\"distanceFromObject\":1}".formatted(i);
      lines.get("step_trainer").add(noTime);
      kept.get("step_trainer").add(noTime);
    }
    for (String kind : lines.keySet()) {
      RawFiles.write(input, kind, lines.get(kind), 3);
      RawFiles.write(without, kind, kept.get(kind), 3);
    }
  }

  /** Records that go are blanks where they are not, so that all others have the same place. */
  private static void add(
      String kind,
      List<String> records,
      boolean forgotten,
      Map<String, List<String>> lines,
      Map<String, List<String>> kept) {
    for (String record : records) {
      lines.computeIfAbsent(kind, any -> new ArrayList<>()).add(record);
      kept.computeIfAbsent(kind, any -> new ArrayList<>())
          .add(forgotten ? " ".repeat(record.length()) : record);
    }
  }

  private static String customer(int person, long registered, int version) {
    return RawFiles.json(
        new Customer(
            "Person%d@lake.example".formatted(person),
            device(person),
            registered,
            registered + version,
            person == 9 ? null : REGISTERED));
  }

  /** Person 3 shares that of person 4, and person 8 that of person 9, who does not consent. */
  private static String device(int person) {
    return "device-%d-x".formatted(person == 3 ? 4 : person == 9 ? 8 : person);
  }

  private static String motion(int person, long time) {
    return RawFiles.json(
        new Motion("person%d@lake.example".formatted(person), time, person, time % 7, -1));
  }

  private static String step(int person, long time) {
    return RawFiles.json(new Step(time, device(person), (int) (time % 100)));
  }

  private static Forgetting forgetting(TestLake lake) {
    return Forgetting.of(
        lake.lake(),
        lake.settings().maintenance(),
        lake.settings().pseudonymKey(),
        new Pipeline(lake.settings(), lake.lake()).tables());
  }

  @Test
  void nothingIsLeftOfThemAndAllOthersAreAsIfTheyHadNeverBeenThere() throws Exception {
    try (TestLake lake = TestLake.in(folder.resolve("lake"));
        TestLake expected = TestLake.in(folder.resolve("expected"))) {
      lake.run(RunMode.BATCH, input);
      lake.prepare(input.toUri(), null);
      // Of a former run there is content, too.
      lake.run(RunMode.BATCH, input);
      lake.table("customer_trusted")
          .manageSnapshots()
          .createTag("mine", lake.table("customer_trusted").currentSnapshot().snapshotId())
          .commit();
      expected.run(RunMode.BATCH, without);
      expected.prepare(without.toUri(), null);
      assertThat(LakeFolder.holding(lake.folder(), TRACES, List.of()))
          .as("they are found where they are")
          .anyMatch(found -> found.contains("customer_landing") && found.contains("person1@"));

      Forgetting.Receipt looked = forgetting(lake).look(ASKED);
      Forgetting.Receipt receipt = forgetting(lake).run(ASKED, DEADLINE, said -> {});

      assertThat(receipt.left()).isEmpty();
      assertThat(receipt.accounts()).hasSize(4).doesNotContainValue(false);
      assertThat(receipt.devices()).isEqualTo(2);
      assertThat(receipt.sharedDevices()).isEqualTo(2);
      assertThat(receipt.tables().get("customer_landing").rows()).isEqualTo(8);
      assertThat(receipt.tables().get("customer_trusted").references()).isEqualTo(1);
      assertThat(receipt.tables().get("accelerometer_landing").rows()).isEqualTo(40);
      assertThat(receipt.tables().get("step_trainer_landing").rows()).isEqualTo(10);
      assertThat(receipt.tables().get("rejected_landing").cleared())
          .as("of run and prepare")
          .isEqualTo(8);
      receipt
          .tables()
          .forEach(
              (name, erased) -> {
                assertThat(looked.tables().get(name).rows()).as(name).isEqualTo(erased.rows());
                assertThat(looked.tables().get(name).cleared())
                    .as(name)
                    .isEqualTo(erased.cleared());
              });
      assertThat(
              receipt.tables().get("customer_landing").places().values().stream()
                  .mapToInt(List::size)
                  .sum())
          .isEqualTo(8);
      assertGone(lake);
      assertAsIfNeverThere(lake, expected);
      assertClean(lake, input);

      // Delivered again, in both commands.
      lake.run(RunMode.BATCH, input);
      lake.prepare(input.toUri(), null);
      assertGone(lake);
      assertAsIfNeverThere(lake, expected);

      // And gone from the raw files, too.
      SortedMap<String, List<ForgottenRecords.Range>> places =
          ForgottenRecords.in(input.toUri(), lake.settings());
      for (Map.Entry<String, List<ForgottenRecords.Range>> file : places.entrySet()) {
        BlankedFile.write(Location.of(input.resolve(file.getKey())), file.getValue(), null);
      }
      assertThat(places.values().stream().mapToInt(List::size).sum())
          .as("records, and fragments that name them")
          .isEqualTo(8 + 40 + 10 + 4);
      assertThat(LakeFolder.holding(input, TRACES, List.of())).isEmpty();
      assertThat(ForgottenRecords.in(input.toUri(), lake.settings())).isEmpty();
      assertClean(lake, input, "raw_files");
      lake.run(RunMode.BATCH, input);
      for (String table : TestLake.DERIVED) {
        assertThat(new LakeRows(lake).all(table)).isEqualTo(new LakeRows(expected).all(table));
      }

      putBack(lake);
      CheckReport report = new LakeCheck(lake.settings(), lake.lake()).run(null);
      assertThat(report.results())
          .filteredOn(result -> result.check().equals("forgotten"))
          .singleElement()
          .satisfies(result -> assertThat(result.rows()).isEqualTo(1));
      assertThat(forgetting(lake).verify())
          .singleElement()
          .satisfies(place -> assertThat(place.table()).isEqualTo("customer_landing"));
    }
  }

  private static void assertClean(TestLake lake, Path input, String... butFor) {
    assertThat(new LakeCheck(lake.settings(), lake.lake()).run(input.toUri()).results())
        .filteredOn(result -> !List.of(butFor).contains(result.check()))
        .allSatisfy(result -> assertThat(result.findings()).as(result.check()).isEmpty());
  }

  private static void assertGone(TestLake lake) throws IOException {
    assertThat(forgetting(lake).verify()).isEmpty();
    assertThat(LakeFolder.holding(lake.folder(), TRACES, List.of())).isEmpty();
  }

  private static void assertAsIfNeverThere(TestLake lake, TestLake expected) throws IOException {
    for (String table : new Pipeline(lake.settings(), lake.lake()).tables()) {
      List<String> rows = new LakeRows(expected).all(table);
      if (table.equals("rejected_landing")) {
        // Their place is accounted for.
        rows =
            new LakeRows(expected)
                .rows(
                    table,
                    "kind",
                    "source_file",
                    "source_offset",
                    "source_length",
                    "reason",
                    "command");
        assertThat(
                new LakeRows(lake)
                    .rows(
                        table,
                        "kind",
                        "source_file",
                        "source_offset",
                        "source_length",
                        "reason",
                        "command"))
            .isEqualTo(rows);
        assertThat(new LakeRows(lake).rows(table, "account")).contains("person0@lake.example");
      } else {
        assertThat(new LakeRows(lake).all(table)).as(table).isEqualTo(rows);
      }
    }
  }

  /** As somebody would who restored a backup. */
  private static void putBack(TestLake lake) throws IOException {
    Table table = lake.table("customer_landing");
    Record record = GenericRecord.create(table.schema());
    record.setField("email", "Person1@lake.example");
    record.setField(
        "registrationdate", Instant.ofEpochMilli(REGISTERED).atOffset(java.time.ZoneOffset.UTC));
    DataWriter<Record> writer =
        FormatModelRegistry.<Record, Object>dataWriteBuilder(
                FileFormat.PARQUET,
                Record.class,
                EncryptedFiles.plainAsEncryptedOutput(
                    table
                        .io()
                        .newOutputFile(table.locationProvider().newDataLocation("back.parquet"))))
            .setAll(table.properties())
            .schema(table.schema())
            .spec(table.spec())
            .build();
    try (writer) {
      writer.write(record);
    }
    DataFile file = writer.toDataFile();
    table.newAppend().appendFile(file).commit();
  }

  @Test
  void interruptedAtAnyTableItIsTakenUpAgain() throws Exception {
    try (TestLake lake = TestLake.in(folder.resolve("lake"));
        TestLake expected = TestLake.in(folder.resolve("expected"))) {
      lake.run(RunMode.BATCH, input);
      expected.run(RunMode.BATCH, without);
      expected.prepare(without.toUri(), null);
      lake.prepare(input.toUri(), null);
      AtomicInteger interruptions = new AtomicInteger();
      List<String> people = ASKED;
      boolean done = false;
      while (!done) {
        int after = interruptions.get();
        AtomicInteger table = new AtomicInteger();
        try {
          done =
              forgetting(lake)
                  .run(
                      people,
                      DEADLINE,
                      said -> {
                        if (table.getAndIncrement() == after) {
                          interruptions.incrementAndGet();
                          throw new IllegalStateException("interrupted");
                        }
                      })
                  .isDone();
        } catch (IllegalStateException e) {
          assertThat(e).hasMessage("interrupted");
        }
        // Nothing but what is recorded is needed to go on.
        people = List.of();
      }
      assertThat(interruptions.get()).isEqualTo(12);
      assertGone(lake);
      assertAsIfNeverThere(lake, expected);
    }
  }

  @Test
  void aStreamLeavesThemOutWhileItRunsAndGoesOn() throws Exception {
    Path arriving = Files.createDirectories(folder.resolve("arriving"));
    try (TestLake lake =
            TestLake.in(
                folder.resolve("lake"),
                Map.of(
                    "streaming.bounded", "false",
                    "streaming.monitor-interval", "100ms",
                    "streaming.settle-time", "100ms",
                    "streaming.checkpoint-interval", "500ms"));
        TestLake all = TestLake.in(folder.resolve("all"));
        TestLake expected = TestLake.in(folder.resolve("expected"))) {
      all.run(RunMode.BATCH, input);
      expected.run(RunMode.BATCH, without);
      copy(input, arriving, "first");
      PipelineRun run = start(lake, arriving);
      awaitDerived(lake, all);
      assertThat(run.stop()).isTrue();
      run.await();

      Forgetting.Receipt stopped = forgetting(lake).run(ASKED, Duration.ZERO, said -> {});
      assertThat(stopped.left()).singleElement().asString().contains("A stopped stream");
      assertGone(lake, "streaming");

      run = start(lake, arriving);
      Forgetting.Receipt running = forgetting(lake).run(List.of(), DEADLINE, said -> {});
      assertThat(running.left()).isEmpty();
      awaitDerived(lake, expected);
      assertGone(lake, "streaming");

      // Somebody else, while it runs, and the same files once more.
      String other = "person5@lake.example";
      Forgetting.Receipt beside = forgetting(lake).run(List.of(other), DEADLINE, said -> {});
      assertThat(beside.left()).isEmpty();
      copy(input, arriving, "again");
      RawFiles.arrive(arriving, "customer", customer(5, Instant.now().toEpochMilli() + 1, 0));
      long later = Instant.now().toEpochMilli() + 1_000;
      RawFiles.arrive(arriving, "accelerometer", motion(5, later));
      RawFiles.arrive(arriving, "step_trainer", step(5, later));
      Awaitility.await("the pair of who registered anew")
          .atMost(DEADLINE)
          .until(
              () ->
                  new LakeRows(lake)
                      .rows("machine_learning_curated", "timestamp")
                      .contains(String.valueOf(later)));
      assertThat(new LakeRows(lake).rows("accelerometer_trusted", "account", "timestamp"))
          .filteredOn(row -> row.startsWith(other))
          .as("nothing of before")
          .containsExactly(other + "|" + later);
      assertThat(new LakeRows(lake).rows("step_trainer_trusted", "device", "sensorreadingtime"))
          .filteredOn(row -> row.startsWith("device-5-x"))
          .containsExactly("device-5-x|" + later);
      assertThat(run.stop()).isTrue();
      run.await();
      assertThat(forgetting(lake).verify()).isEmpty();
      assertThat(LakeFolder.holding(lake.folder(), TRACES, List.of("streaming"))).isEmpty();
      assertClean(lake, arriving);
      run = start(lake, arriving);
      RawFiles.arrive(arriving, "accelerometer", motion(0, later));
      Awaitility.await("what arrived after the start")
          .atMost(DEADLINE)
          .until(
              () ->
                  new LakeRows(lake)
                      .rows("accelerometer_trusted", "account", "timestamp")
                      .contains("person0@lake.example|" + later));
      assertThat(run.stop()).isTrue();
      run.await();
    }
  }

  private static void assertGone(TestLake lake, String butFor) throws IOException {
    assertThat(forgetting(lake).verify()).isEmpty();
    assertThat(LakeFolder.holding(lake.folder(), TRACES, List.of(butFor))).isEmpty();
  }

  private static PipelineRun start(TestLake lake, Path input) {
    ExecNodeContext.resetIdCounter();
    return new Pipeline(lake.settings(), lake.lake())
        .run(RunMode.STREAMING, input.toUri(), Set.of(), Resume.SAME_PROGRAM);
  }

  private static void copy(Path from, Path to, String name) throws IOException {
    for (String kind : List.of("customer", "accelerometer", "step_trainer")) {
      Path folder = Files.createDirectories(to.resolve(kind));
      for (int file = 0; file < 3; file++) {
        Path partial = folder.resolve(name + file + ".tmp");
        Files.copy(from.resolve("%s/landing/%s-%03d.json".formatted(kind, kind, file)), partial);
        Files.move(partial, folder.resolve(name + file + ".json"));
      }
    }
  }

  private static void awaitDerived(TestLake lake, TestLake expected) {
    for (String table : TestLake.DERIVED) {
      Awaitility.await("the rows of " + table)
          .atMost(DEADLINE)
          .untilAsserted(
              () ->
                  assertThat(new LakeRows(lake).all(table))
                      .isEqualTo(new LakeRows(expected).all(table)));
    }
  }

  @Test
  void aTableThatDoesNotDeclareWhereItHoldsPeopleIsRefused() throws Exception {
    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      lake.run(RunMode.BATCH, input);
      lake.table("customer_trusted").updateProperties().remove("stedi.forget.account").commit();
      assertThatThrownBy(() -> forgetting(lake).run(ASKED, DEADLINE, said -> {}))
          .hasMessageContainingAll("customer_trusted", "does not declare", "stedi run");
      for (String table : new Pipeline(lake.settings(), lake.lake()).tables()) {
        if (!table.equals("customer_trusted")) {
          assertThat(lake.table(table).properties().keySet())
              .as(table)
              .anyMatch(property -> property.startsWith("stedi.forget."));
        }
      }
    }
  }

  /** Else who is forgotten would be let in again. */
  @Test
  void anotherKeyIsNotAcceptedWhileSomebodyIsForgotten() throws Exception {
    try (TestLake lake =
        TestLake.in(folder.resolve("lake"), Map.of("pseudonym.accept-new-key", "true"))) {
      lake.run(RunMode.BATCH, input);
      forgetting(lake).run(ASKED, DEADLINE, said -> {});
      lake.run(RunMode.BATCH, input);
      Files.writeString(
          lake.folder().resolve("pseudonym.key"), "another key, of more than 32 bytes");
      assertThatThrownBy(() -> lake.run(RunMode.BATCH, input))
          .hasMessageContainingAll("6 accounts and devices are forgotten", "forget --accounts");
      assertThatThrownBy(() -> forgetting(lake)).hasMessageContaining("is not the one");
    }
  }
}
