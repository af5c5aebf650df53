package io.stedi.lakehouse.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.config.Setting;
import io.stedi.lakehouse.generate.SampleData;
import io.stedi.lakehouse.generate.SampleOptions;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.ForeignFile;
import io.stedi.lakehouse.testing.TestLake;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A check is worth what it finds: each test damages a whole lake. That it finds nothing in one as a
 * run leaves it, with the raw files and without, the commands are asked as processes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LakeCheckTest {

  private Path folder;
  private Path raw;
  private TestLake lake;
  private String email;

  /** What puts the lake right again after a test. */
  private Runnable restore = () -> {};

  @BeforeAll
  void fill(@TempDir Path temporary) throws IOException {
    folder = temporary;
    raw = folder.resolve("raw");
    SampleData.write(new SampleOptions(30, 11, false), raw);
    lake = TestLake.in(folder.resolve("lake"));
    lake.run(RunMode.BATCH, raw);
    email = (String) lake.records("customer_curated").get(0).getField("email");
  }

  @AfterEach
  void restore() {
    restore.run();
    restore = () -> {};
  }

  @AfterAll
  void close() {
    lake.close();
  }

  @Test
  void rowsThatAreDroppedDoubledOrChangedAreFound() throws IOException {
    rewrite("accelerometer_trusted", rows -> rows.remove(0));
    rewrite("step_trainer_trusted", rows -> rows.add(rows.get(0)));
    rewrite("machine_learning_curated", rows -> rows.get(0).setField("x", 1e9));
    assertThat(found())
        .contains("same_rows: accelerometer_trusted: a row is missing")
        .doesNotContain(
            "same_rows: accelerometer_trusted: a row that the landing tables do not give")
        .contains(
            "same_rows: step_trainer_trusted: a row that the landing tables do not give",
            "unique_keys: step_trainer_trusted: a primary key is there more than once")
        .doesNotContain("same_rows: step_trainer_trusted: a row is missing")
        .contains(
            "same_rows: machine_learning_curated: a row is missing",
            "same_rows: machine_learning_curated: a row that the landing tables do not give")
        .noneMatch(finding -> finding.contains(" customer_"))
        .noneMatch(finding -> finding.contains("_landing: "))
        .filteredOn(finding -> finding.startsWith("unique_keys"))
        .hasSize(1);
  }

  @Test
  void aWithdrawalALostCommitAndARecordThatIsLandedTwiceAreFound() throws IOException {
    rewrite(
        "customer_landing",
        rows -> {
          Record withdrawal = current(rows).copy();
          withdrawal.setField(
              "lastupdatedate",
              ((OffsetDateTime) withdrawal.getField("lastupdatedate")).plus(Duration.ofDays(1)));
          withdrawal.setField("sharewithresearchasofdate", null);
          withdrawal.setField("source_offset", -1L);
          rows.add(withdrawal);
        });
    rewrite("step_trainer_landing", List::clear);
    rewrite("accelerometer_landing", rows -> rows.add(rows.get(0)));
    assertThat(found())
        .contains(
            "consent: customer_trusted: a customer who does not consent",
            "consent: customer_curated: a customer who does not consent",
            "consent: accelerometer_trusted: a reading that no consent covers")
        .contains(
            "raw_files: step_trainer_landing: a place of a raw file that was not landed",
            "same_rows: step_trainer_trusted: a row that the landing tables do not give")
        .contains(
            "landed_once: accelerometer_landing: a place of a file was landed more than once",
            "raw_files: accelerometer_landing: a place of a raw file that is not in it so")
        .doesNotContain(
            "landed_once: customer_landing: a place of a file was landed more than once",
            "raw_files: accelerometer_landing: a place of a raw file that was not landed");
  }

  /** The version of the account registered last, updated last. */
  private Record current(List<Record> rows) {
    return rows.stream()
        .filter(row -> email.equals(row.getField("email")))
        .max(
            (a, b) -> {
              int registered = compare(a, b, "registrationdate");
              return registered != 0 ? registered : compare(a, b, "lastupdatedate");
            })
        .orElseThrow();
  }

  private static int compare(Record a, Record b, String column) {
    return ((OffsetDateTime) a.getField(column)).compareTo((OffsetDateTime) b.getField(column));
  }

  /**
   * Somebody is dropped, and found missing by what refers to them. Of somebody else the readings
   * are dropped, and what is made of them: each table is what its job makes of the others, but the
   * first of them is wrong.
   */
  @Test
  void peopleWhoAreDroppedAreFoundAndPersonalValuesAreFoundAndNotShown() throws IOException {
    String other = (String) lake.records("customer_curated").get(1).getField("email");
    rewrite("customer_trusted", rows -> rows.removeIf(row -> email.equals(row.getField("email"))));
    rewrite(
        "accelerometer_trusted", rows -> rows.removeIf(row -> other.equals(row.getField("user"))));
    rewrite("customer_curated", rows -> rows.removeIf(row -> other.equals(row.getField("email"))));
    rewrite(
        "machine_learning_curated",
        rows -> {
          rows.get(0).setField("customer_id", email);
          rows.get(1).setField("customer_id", "0".repeat(64));
        });
    CheckReport report = new LakeCheck(lake.settings(), lake.lake()).run(raw.toUri());
    assertThat(found(report))
        .contains(
            "same_rows: customer_trusted: a row is missing",
            "references: customer_curated: a customer who is not in customer_trusted",
            "references: accelerometer_trusted: a reading of nobody in customer_trusted")
        .contains(
            "same_rows: accelerometer_trusted: a row is missing",
            "same_rows: customer_curated: a row is missing")
        .contains("pseudonyms: machine_learning_curated: a text that is no pseudonym")
        .contains(
            "consent: machine_learning_curated: a reading that no consent covers",
            "references: machine_learning_curated: a motion that is not in accelerometer_trusted",
            "same_rows: machine_learning_curated: a row is missing");
    assertThat(report.toString()).doesNotContain(email, other);
  }

  @Test
  void anotherKeyIsFound() throws IOException {
    Path key = Files.writeString(folder.resolve("other.key"), "another key, which is long enough");
    CheckReport report =
        new LakeCheck(lake.settings().with(Setting.PSEUDONYM_KEY_FILE, key.toString()), lake.lake())
            .run(null);
    assertThat(found(report))
        .containsExactly("key: machine_learning_curated: the key that is given is another");
    assertThat(report.results())
        .filteredOn(result -> !result.asked())
        .extracting(CheckReport.Result::check)
        .contains("same_rows", "consent");
  }

  @Test
  void aFileThatIsMissingIsFoundAndNamed() throws IOException {
    Path file;
    try (var files = lake.table("customer_curated").newScan().planFiles()) {
      file = Path.of(URI.create(files.iterator().next().file().location()));
    }
    Path away = folder.resolve("away");
    Files.move(file, away);
    restore = () -> move(away, file);
    CheckReport report = new LakeCheck(lake.settings(), lake.lake()).run(null);
    assertThat(found(report)).containsExactly("files: customer_curated: a file is missing");
    assertThat(report.toString()).contains(file.getFileName().toString());
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aTableThatIsMissingAndAColumnThatNoJobMakesAreFound() {
    rename("customer_curated", "away");
    restore = () -> rename("away", "customer_curated");
    assertThat(found()).containsExactly("tables: customer_curated: the table is missing");
    restore.run();

    lake.table("machine_learning_curated")
        .updateSchema()
        .addColumn("email", Types.StringType.get())
        .commit();
    restore =
        () -> lake.table("machine_learning_curated").updateSchema().deleteColumn("email").commit();
    assertThat(found())
        .containsExactly("columns: machine_learning_curated: a column that no job makes");
  }

  private void rename(String from, String to) {
    lake.lake()
        .loader()
        .loadCatalog()
        .renameTable(TableIdentifier.of("stedi", from), TableIdentifier.of("stedi", to));
  }

  private Set<String> found() {
    return found(new LakeCheck(lake.settings(), lake.lake()).run(raw.toUri()));
  }

  private static Set<String> found(CheckReport report) {
    Set<String> found = new TreeSet<>();
    for (CheckReport.Result result : report.results()) {
      result
          .findings()
          .forEach(
              finding ->
                  found.add(
                      "%s: %s: %s".formatted(result.check(), finding.table(), finding.what())));
    }
    assertThat(report.isClean()).isEqualTo(found.isEmpty());
    return found;
  }

  /** Gives a table other rows, as nobody should. */
  private void rewrite(String name, Consumer<List<Record>> damage) throws IOException {
    Table table = lake.table(name);
    long before = table.currentSnapshot().snapshotId();
    Runnable others = restore;
    restore =
        () -> {
          lake.table(name).manageSnapshots().setCurrentSnapshot(before).commit();
          others.run();
        };
    List<Record> rows = new ArrayList<>(lake.records(name));
    damage.accept(rows);
    if (rows.isEmpty()) {
      table.newDelete().deleteFromRowFilter(Expressions.alwaysTrue()).commit();
      return;
    }
    table
        .newOverwrite()
        .overwriteByRowFilter(Expressions.alwaysTrue())
        .addFile(ForeignFile.write(table, rows))
        .commit();
  }
}
