package io.stedi.lakehouse.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.files.RawInput;
import io.stedi.lakehouse.generate.SampleData;
import io.stedi.lakehouse.generate.SampleOptions;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.query.LakeQuery;
import io.stedi.lakehouse.records.FileKinds;
import io.stedi.lakehouse.testing.AwsLake;
import io.stedi.lakehouse.testing.LakeRows;
import io.stedi.lakehouse.testing.RawFiles;
import io.stedi.lakehouse.testing.ReferenceTables.Motion;
import io.stedi.lakehouse.testing.ReferenceTables.Step;
import io.stedi.lakehouse.testing.StarterData;
import io.stedi.lakehouse.testing.Stedi;
import io.stedi.lakehouse.testing.TestLake;
import io.stedi.lakehouse.testing.TrinoServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the program writes to S3 and Glue, read by the engine of Athena. */
@Tag("trino")
class AthenaTrinoTest {

  /** The columns that make up a row, by table. */
  private static final Map<String, List<String>> COLUMNS =
      Map.of(
          "customer_trusted",
          List.of("account", "serialnumber", "lastupdatedate"),
          "accelerometer_trusted",
          List.of("account", "timestamp", "x", "y", "z"),
          "customer_curated",
          List.of("account", "serialnumber", "lastupdatedate"),
          "step_trainer_trusted",
          List.of("sensorreadingtime", "device", "distancefromobject"),
          "machine_learning_curated",
          List.of("sensorreadingtime", "device_id", "customer_id", "x", "y", "z"));

  private static final Set<String> TIMES =
      Set.of("timestamp", "sensorreadingtime", "lastupdatedate");

  /** The types of Iceberg that Athena reads and writes, by their names in Trino. */
  private static final Set<String> ATHENA_TYPES =
      Set.of(
          "integer",
          "bigint",
          "double",
          "varchar",
          "varbinary",
          "boolean",
          "timestamp(6) with time zone");

  @TempDir private static Path shared;

  private static AwsLake aws;
  private static TrinoServer trino;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    aws = AwsLake.start();
    trino = TrinoServer.start(shared, aws.proxy().endpoint());
  }

  @AfterAll
  static void stop() {
    if (trino != null) {
      trino.close();
    }
    if (aws != null) {
      aws.close();
    }
  }

  @Test
  void rowsThatWereTakenBackAreGone() throws Exception {
    SampleOptions history = SampleOptions.history(60, 3, 20);
    Path local = folder.resolve("history");
    SampleData.write(history, local);
    aws.upload(local, "raw/history");
    stedi(
        "run",
        "--mode=streaming",
        "-Dstreaming.bounded=true",
        "--fresh",
        "--input=" + AwsLake.uri("raw/history"),
        "-Dstreaming.checkpoint-interval=300ms");
    long equalityDeletes = 0;
    for (String table : TestLake.DERIVED) {
      equalityDeletes +=
          number("SELECT count(*) FROM \"%s$files\" WHERE content = 2".formatted(table));
    }
    assertThat(equalityDeletes).as("files of equality deletes that Trino had to heed").isPositive();
    try (TestLake expected = TestLake.in(folder.resolve("expected"))) {
      expected.run(RunMode.BATCH, local);
      for (String table : TestLake.DERIVED) {
        assertThat(rows(table))
            .as(table)
            .isNotEmpty()
            .isEqualTo(
                new LakeRows(expected).rows(table, COLUMNS.get(table).toArray(String[]::new)));
      }
      Set<String> withdrawn =
          new TreeSet<>(
              texts(
                  "SELECT DISTINCT lower(trim(email)) FROM customer_landing"
                      + " WHERE sharewithresearchasofdate IS NOT NULL"));
      withdrawn.removeAll(texts("SELECT account FROM customer_trusted"));
      assertThat(withdrawn).as("people who consented once and do not now").isNotEmpty();
      assertThat(texts("SELECT DISTINCT account FROM accelerometer_trusted"))
          .doesNotContainAnyElementsOf(withdrawn);
    }
  }

  @Test
  void thePublishedQueriesGiveWhatFlinkGives() throws Exception {
    Path local = folder.resolve("history");
    SampleData.write(SampleOptions.history(40, 5, 20), local);
    aws.upload(local, "raw/prepared");
    stedi("prepare", "--input=" + AwsLake.uri("raw/prepared"));
    stedi("run", "--input=" + AwsLake.uri("raw/prepared"));
    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      lake.prepare(local.toUri(), null);
      lake.run(RunMode.BATCH, local);
      LakeQuery flink = new LakeQuery(lake.settings(), lake.lake());
      for (Map.Entry<String, String> query : LakeQuery.published().entrySet()) {
        List<List<String>> expected = new ArrayList<>();
        for (Row row : flink.measured(query.getValue()).rows()) {
          List<String> values = new ArrayList<>();
          for (int i = 0; i < row.getArity(); i++) {
            values.add(String.valueOf(row.getField(i)));
          }
          expected.add(values);
        }
        assertThat(trino.query(query.getValue().strip().replaceFirst(";$", "")))
            .as(query.getKey())
            .isNotEmpty()
            .isEqualTo(expected);
      }
    }
    for (List<String> column :
        trino.query(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
                + " WHERE table_schema = 'stedi'")) {
      assertThat(column.get(2)).as("%s", column).isIn(ATHENA_TYPES);
      assertThat(column.get(1)).isLowerCase();
    }
    for (List<String> table : trino.query("SHOW TABLES")) {
      assertThat(
              texts(
                  "SELECT value FROM \"%s$properties\" WHERE key = 'format-version'"
                      .formatted(table.get(0))))
          .as("%s", table)
          .containsExactly("2");
    }
  }

  @Test
  void aReplacementThatIsEmptyIsEmpty() throws Exception {
    Path local = folder.resolve("in");
    RawFiles.write(
        local,
        "customer",
        List.of(
            "{\"email\":\"kim@lake.example\",\"serialNumber\":\"dev\",\"registrationDate\":1655564376361,\"lastUpdateDate\":1655564376361}"),
        1);
    RawFiles.write(
        local,
        "accelerometer",
        List.of(RawFiles.json(new Motion("kim@lake.example", 1655564376361L, 0.5, -1, 0.25))),
        1);
    RawFiles.write(
        local, "step_trainer", List.of(RawFiles.json(new Step(1655564376361L, "dev", 7))), 1);
    aws.upload(local, "raw/none");
    stedi("run", "--input=" + AwsLake.uri("raw/none"));
    assertThat(number("SELECT count(*) FROM accelerometer_landing")).isEqualTo(1);
    for (String table : TestLake.DERIVED) {
      assertThat(number("SELECT count(*) FROM " + table)).as(table).isZero();
    }
  }

  @Test
  void theRealDataGivesThePublishedCountsInBothModes() throws Exception {
    Map<String, Long> published = new LinkedHashMap<>();
    published.put("customer_landing", 956L);
    published.put("accelerometer_landing", 81_273L);
    published.put("step_trainer_landing", 28_680L);
    published.put("rejected_landing WHERE command = 'run'", 0L);
    published.put("customer_trusted", 482L);
    published.put("accelerometer_trusted", 40_981L);
    published.put("customer_curated", 482L);
    published.put("step_trainer_trusted", 14_460L);
    published.put("machine_learning_curated", 43_681L);
    published.put("machine_learning_curated WHERE device_matched", 40_981L);
    try (RawInput input =
        RawInput.open(
            StarterData.zip().toString(), FileKinds.BY_MENTION, folder.resolve("staging"))) {
      aws.upload(Path.of(input.root()), "raw/starter");
    }
    for (List<String> mode :
        List.of(
            List.of("--mode=batch"),
            List.of(
                "--mode=streaming",
                "-Dstreaming.bounded=true",
                "-Dstreaming.bounded=true",
                "--fresh",
                "-Dstreaming.checkpoint-interval=2s",
                "-Dstreaming.state-folder=" + AwsLake.uri("checkpoints/streaming")))) {
      List<String> arguments = new ArrayList<>(List.of("run"));
      arguments.add("--input=" + AwsLake.uri("raw/starter"));
      arguments.addAll(mode);
      stedi(arguments.toArray(String[]::new));
      for (Map.Entry<String, Long> table : published.entrySet()) {
        assertThat(number("SELECT count(*) FROM " + table.getKey()))
            .as("%s %s", mode, table.getKey())
            .isEqualTo(table.getValue());
      }
    }
  }

  private void stedi(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(1, List.of("--conf=aws", "-Dparallelism=2"));
    Stedi.Result result = aws.stedi(folder, Map.of()).run(all.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.err()).isZero();
  }

  /** All rows of a table as {@link LakeRows} has them. */
  private static List<String> rows(String table) throws Exception {
    String columns =
        COLUMNS.get(table).stream()
            .map(
                column ->
                    TIMES.contains(column)
                        ? "CAST(round(to_unixtime(\"%s\") * 1000) AS bigint)".formatted(column)
                        : column)
            .collect(Collectors.joining(", "));
    return trino.query("SELECT %s FROM %s".formatted(columns, table)).stream()
        .map(row -> String.join("|", row))
        .sorted()
        .toList();
  }

  private static List<String> texts(String sql) throws Exception {
    return trino.query(sql).stream().map(row -> row.get(0)).toList();
  }

  private static long number(String sql) throws Exception {
    return Long.parseLong(texts(sql).get(0));
  }
}
