package io.stedi.lakehouse.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.scan.GunzipInputStreamTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.types.Row;
import org.apache.flink.util.CollectionUtil;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SensorJsonSqlTest {

  private static final String COLUMNS =
      """
        `user` STRING,
        `timestamp` TIMESTAMP_LTZ(3),
        x DOUBLE,
        y DOUBLE,
        z DOUBLE,
        source_file STRING,
        source_offset BIGINT,
        source_length BIGINT,
        undeclared_fields STRING,
        reject_reason STRING,
        reject_bytes BYTES
      """;

  private static final String A =
      "{\"user\":\"a@test.com\",\"timeStamp\":1655564376361,\"x\":1.0,\"y\":-1.5,\"z\":0.25}";
  private static final String B =
      "{\"user\":\"b@test.com\",\"timestamp\":1655564376362,\"x\":2.0,\"y\":-2.5,\"z\":1,\"q\":0}";

  @TempDir private Path folder;

  private TableEnvironment tables = tables(EnvironmentSettings.inBatchMode());

  private static TableEnvironment tables(EnvironmentSettings mode) {
    TableEnvironment tables = TableEnvironment.create(mode);
    tables.getConfig().set("parallelism.default", "1");
    tables.getConfig().setLocalTimeZone(ZoneId.of("UTC"));
    return tables;
  }

  @BeforeEach
  void writeFiles() throws Exception {
    Path accelerometer = Files.createDirectories(folder.resolve("accelerometer/deeper"));
    Files.writeString(accelerometer.resolve("plain.json"), A + "," + B + "\nnonsense\n");
    byte[] compressed =
        GunzipInputStreamTest.gzip((B + A.replace("1.0", "\"one\"")).getBytes(UTF_8));
    Files.write(folder.resolve("accelerometer/more.json.gz"), compressed);
    Files.writeString(folder.resolve("accelerometer/empty.json"), "");
    Files.writeString(folder.resolve("other.json"), "not looked at");
  }

  private void createTable(String columns, String... options) {
    tables.executeSql(
        "CREATE TEMPORARY TABLE accelerometer_raw ("
            + columns
            + ") WITH ('connector' = 'sensor-json', 'path' = '"
            + folder.toUri()
            + "', 'pattern' = '.*/accelerometer/.*'"
            + (options.length == 0 ? "" : ", " + String.join(", ", options))
            + ")");
  }

  private void createTable() {
    createTable(COLUMNS, "'root' = '" + folder.toUri() + "'");
  }

  private List<String> query(String sql) {
    return CollectionUtil.iteratorToList(tables.executeSql(sql).collect()).stream()
        .map(Row::toString)
        .toList();
  }

  @Test
  void readsPlainAndCompressedFiles() throws Exception {
    createTable();
    String nested = "accelerometer/deeper/plain.json";
    String top = "accelerometer/more.json.gz";
    assertThat(
            query(
                "SELECT `user`, `timestamp`, x, y, z, source_file, source_offset, source_length,"
                    + " undeclared_fields, reject_reason, CAST(reject_bytes AS STRING)"
                    + " FROM accelerometer_raw"))
        .containsExactlyInAnyOrder(
            "+I[a@test.com, 2022-06-18T14:59:36.361Z, 1.0, -1.5, 0.25, %s, 0, %d, null, null, null]"
                .formatted(nested, A.length()),
            "+I[b@test.com, 2022-06-18T14:59:36.362Z, 2.0, -2.5, 1.0, %s, %d, %d, q, null, null]"
                .formatted(nested, A.length() + 1, B.length()),
            "+I[null, null, null, null, null, %s, %d, 8, null, not an object, nonsense]"
                .formatted(nested, A.length() + B.length() + 2),
            "+I[b@test.com, 2022-06-18T14:59:36.362Z, 2.0, -2.5, 1.0, %s, 0, %d, q, null, null]"
                .formatted(top, B.length()),
            "+I[null, null, null, null, null, %s, %d, %d, null, wrong type: x, %s]"
                .formatted(top, B.length(), A.length() + 2, A.replace("1.0", "\"one\"")));
  }

  @Test
  void rejectsTheSameWhateverIsSelected() throws Exception {
    createTable();
    assertThat(query("SELECT z, reject_reason FROM accelerometer_raw"))
        .containsExactlyInAnyOrder(
            "+I[0.25, null]",
            "+I[1.0, null]",
            "+I[1.0, null]",
            "+I[null, not an object]",
            "+I[null, wrong type: x]");
    assertThat(query("SELECT COUNT(*) FROM accelerometer_raw")).containsExactly("+I[5]");
    assertThat(query("SELECT COUNT(*), SUM(y) FROM accelerometer_raw WHERE reject_reason IS NULL"))
        .containsExactly("+I[3, -6.5]");
    assertThat(query("SELECT source_offset FROM accelerometer_raw LIMIT 2")).hasSize(2);
  }

  @Test
  void readsRecordsWithoutTheirOptionalFields() throws Exception {
    createTable("z DOUBLE, q INT, w STRING, reject_reason STRING", "'optional-fields' = 'q;w'");
    assertThat(query("SELECT * FROM accelerometer_raw"))
        .containsExactlyInAnyOrder(
            "+I[0.25, null, null, null]",
            "+I[1.0, 0, null, null]",
            "+I[1.0, 0, null, null]",
            "+I[0.25, null, null, null]",
            "+I[null, null, null, not an object]");
  }

  @Test
  void believesTimesWithinTheBoundsOnly() throws Exception {
    createTable(
        "`timestamp` TIMESTAMP_LTZ(3), reject_reason STRING",
        "'timestamp.min' = '2022-06-18T14:59:36.361Z'",
        "'timestamp.max' = '2022-06-18T14:59:36.362Z'");
    assertThat(query("SELECT * FROM accelerometer_raw"))
        .containsExactlyInAnyOrder(
            "+I[2022-06-18T14:59:36.361Z, null]",
            "+I[2022-06-18T14:59:36.361Z, null]",
            "+I[null, out of range: timestamp]",
            "+I[null, out of range: timestamp]",
            "+I[null, not an object]");
  }

  @Test
  void boundsRecordsAndRejects() throws Exception {
    createTable(
        "reject_reason STRING, reject_bytes BYTES",
        "'max-record-bytes' = '" + A.length() + "'",
        "'reject-bytes-limit' = '3'");
    assertThat(
            query(
                "SELECT DISTINCT reject_reason, CAST(reject_bytes AS STRING)"
                    + " FROM accelerometer_raw"))
        .contains("+I[null, null]", "+I[too long, {\"u]", "+I[not an object, non]");
  }

  @Test
  void readsAFileOnceForSeveralInserts() {
    // A filter that is pushed down makes a scan of its own; raw fragments are filtered behind it.
    tables.getConfig().set("table.optimizer.reuse-optimize-block-with-digest-enabled", "true");
    createTable();
    for (String sink : List.of("a", "b", "c")) {
      tables.executeSql(
          "CREATE TEMPORARY TABLE " + sink + " (v STRING) WITH ('connector' = 'blackhole')");
    }
    StatementSet set = tables.createStatementSet();
    set.addInsertSql(
        "INSERT INTO a SELECT `user` FROM accelerometer_raw WHERE reject_reason IS NULL");
    set.addInsertSql("INSERT INTO b SELECT source_file FROM accelerometer_raw WHERE x > 1");
    set.addInsertSql(
        "INSERT INTO c SELECT reject_reason FROM accelerometer_raw WHERE reject_reason IS NOT NULL");
    String plan = set.explain();
    String executed = plan.substring(plan.indexOf("== Optimized Execution Plan =="));
    assertThat(executed.split("TableSourceScan\\(", -1)).as(executed).hasSize(2);
  }

  @Test
  void namesTheColumnThatItCannotFill() {
    assertInvalid("x DECIMAL(10, 2)", "x", "DECIMAL(10, 2)");
    assertInvalid("t TIMESTAMP_LTZ(6)", "'t'", "TIMESTAMP_LTZ(6)");
    assertInvalid("t TIMESTAMP(3)", "'t'", "TIMESTAMP(3)");
    assertInvalid("x DOUBLE NOT NULL", "'x'", "NOT NULL");
    assertInvalid("t TIMESTAMP_LTZ(3) NOT NULL", "'t'", "NOT NULL");
    assertInvalid("x INT, X INT", "'x'", "'X'");
    assertInvalid("source_offset INT", "source_offset", "BIGINT");
    assertInvalid("reject_bytes VARBINARY(4)", "reject_bytes", "BYTES");
    assertInvalid("source_file VARCHAR(4)", "source_file", "STRING");
  }

  @Test
  void namesTheOptionThatMakesNoSense() {
    assertInvalidOption("'optional-fields' = 'y'", "optional-fields", "y");
    assertInvalidOption("'timestamp.min' = 'yesterday'", "timestamp.min", "yesterday");
    assertInvalidOption("'timestamp.max' = '1999-01-01T00:00:00Z'", "timestamp.min");
    assertInvalidOption("'max-record-bytes' = '1'", "max-record-bytes", "1");
    assertInvalidOption("'max-record-bytes' = '1 tb'", "max-record-bytes");
    assertInvalidOption("'colour' = 'red'", "colour");
  }

  private void assertInvalid(String columns, String... words) {
    assertInvalid(columns, new String[0], words);
  }

  private void assertInvalidOption(String option, String... words) {
    assertInvalid("x DOUBLE", new String[] {option}, words);
  }

  private void assertInvalid(String columns, String[] options, String... words) {
    createTable(columns, options);
    assertThatThrownBy(() -> tables.explainSql("SELECT * FROM accelerometer_raw"))
        .satisfies(
            thrown -> {
              StringBuilder messages = new StringBuilder();
              for (Throwable t = thrown; t != null; t = t.getCause()) {
                messages.append(t.getMessage()).append('\n');
              }
              assertThat(messages).contains(words);
            })
        .isInstanceOf(ValidationException.class);
    tables.executeSql("DROP TEMPORARY TABLE accelerometer_raw");
  }
}
