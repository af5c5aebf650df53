package io.stedi.lakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stedi.lakehouse.files.FolderLock;
import io.stedi.lakehouse.generate.SampleData;
import io.stedi.lakehouse.generate.SampleOptions;
import io.stedi.lakehouse.lake.Lease;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.ForeignFile;
import io.stedi.lakehouse.testing.TestLake;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong is said in one paragraph, with the exit code of its kind. */
class MainTest {

  @TempDir private Path folder;

  @Test
  void aCommandThatCannotRun() throws Exception {
    Path partial = Files.createDirectories(folder.resolve("partial"));
    Files.writeString(partial.resolve("customer.json"), "{}");
    Path sample = folder.resolve("sample");
    SampleData.write(new SampleOptions(1, 1, true), sample);

    assertError(3, "does not exist", "run", "--input", folder.resolve("nowhere").toString());
    assertError(3, "no accelerometer and no step_trainer", "run", "--input", partial.toString());
    assertError(2, "'consent.from-date'", "run", "-D", "consent.fromdate=true");
    assertError(2, "There is no environment 'mars'", "run", "--conf", "mars");
    assertError(
        2, "There is no table 'nope'", "run", "--input", sample.toString(), "--only", "nope");
    assertError(
        2, "There is no lake at", "query", "SELECT 1", "--lake", folder.resolve("none").toString());
    assertErrorWithoutLake(2, "not empty", "generate", sample.toString());
    assertErrorWithoutLake(2, "--conf aws", "run", "--lake", "s3://bucket/lake");
    assertErrorWithoutLake(2, "empty text", "run", "--lake", "");
    assertError(2, "empty text", "run", "--input", "");
    assertThat(Path.of("s3:")).doesNotExist();
  }

  @Test
  void whatReadsNothingLeavesNothing() throws Exception {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    assertError(2, "There is no lake at", "check", "--lake", empty.toString());
    assertError(2, "There is no lake at", "query", "SELECT 1", "--lake", empty.toString());
    assertThat(empty).isEmptyDirectory();
    assertError(2, "--only takes what its tables read", "run", "--only", "customer_curated");
    assertThat(folder.resolve("lake/sample")).doesNotExist();
  }

  @Test
  void aLakeInItsOwnInputIsLeftOut() throws Exception {
    SampleData.write(new SampleOptions(2, 1, true), folder.resolve("in"));
    Path lake = folder.resolve("in/lake");
    String[] run = {"run", "--input", folder.resolve("in").toString(), "--lake", lake.toString()};
    List<String> tables = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      StringWriter out = new StringWriter();
      StringWriter err = new StringWriter();
      assertThat(Main.run(new PrintWriter(out), new PrintWriter(err, true), run))
          .as(err.toString())
          .isZero();
      assertThat(out.toString()).contains("ignored, no kind of record: lake (a lake)");
      tables.add(
          out.toString()
              .lines()
              .filter(line -> line.matches("\\w+_(landing|trusted|curated) .*"))
              .map(line -> line.replaceAll(" +", " ").replaceAll("^(\\S+ \\S+).*", "$1"))
              .collect(Collectors.joining("\n")));
    }
    assertThat(tables).containsOnly(tables.get(0));
    assertThat(tables.get(0)).contains("customer_landing");
  }

  @Test
  void aQueryAsPeopleWriteIt() throws Exception {
    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      SampleData.write(new SampleOptions(1, 1, true), folder.resolve("in"));
      lake.run(RunMode.BATCH, folder.resolve("in"));
      SampleData.write(new SampleOptions(3, 2, true), folder.resolve("more"));
      long before = lake.counts().get("customer_landing");
      long then = lake.table("customer_landing").history().get(0).timestampMillis();
      long snapshot = lake.table("customer_landing").currentSnapshot().snapshotId();
      lake.run(RunMode.BATCH, folder.resolve("more"));
      assertThat(lake.counts().get("customer_landing")).isNotEqualTo(before);

      String count = "SELECT COUNT(*) AS n FROM customer_landing";
      Path bom = folder.resolve("bom.sql");
      Files.writeString(bom, "\uFEFF-- counts; of something\r\nSELECT 1 AS n;\r\n");
      assertThat(csv("--file", bom.toString())).isEqualTo("n\n1\n");
      assertThat(csv("-- first; second\nSELECT 1 AS n -- a;b")).isEqualTo("n\n1\n");
      assertThat(csv("--first\nSELECT 1 AS n")).isEqualTo("n\n1\n");
      Path utf16 = folder.resolve("utf16.sql");
      Files.write(utf16, "SELECT 1".getBytes(StandardCharsets.UTF_16));
      assertError(2, "is not in UTF-8", "query", "--file", utf16.toString());

      String at = Instant.ofEpochMilli(then).toString().replace("T", " ").replace("Z", "");
      assertThat(csv(count + " FOR SYSTEM_TIME AS OF TIMESTAMP '" + at + "'"))
          .isEqualTo("n\n%d\n".formatted(before));
      assertThat(csv(count + " /*+ OPTIONS('snapshot-id' = '" + snapshot + "') */"))
          .isEqualTo("n\n%d\n".formatted(before));
    }
  }

  private String csv(String... query) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> arguments = new ArrayList<>(List.of("query", "--format", "csv"));
    arguments.addAll(List.of("--lake", folder.resolve("lake").toString()));
    arguments.addAll(List.of(query));
    int exitCode =
        Main.run(
            new PrintWriter(out), new PrintWriter(err, true), arguments.toArray(String[]::new));
    assertThat(exitCode).as(err.toString()).isZero();
    return out.toString();
  }

  /** A disk that is full, and a reader who has seen enough. */
  @Test
  void anOutputThatCannotBeWrittenIsNoSuccess() throws Exception {
    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      SampleData.write(new SampleOptions(1, 1, true), folder.resolve("in"));
      lake.run(RunMode.BATCH, folder.resolve("in"));
    }
    String[] query = {
      "query", "--lake", folder.resolve("lake").toString(), "SELECT * FROM customer_landing"
    };
    String[] plan = {
      "plan", "--input", folder.resolve("in").toString(), "--lake", folder.toString()
    };
    for (String[] command : List.of(query, plan)) {
      StringWriter err = new StringWriter();
      assertThat(Main.run(failing("No space left on device"), new PrintWriter(err, true), command))
          .isEqualTo(4);
      assertThat(err.toString())
          .contains("standard output cannot be written", "No space left on device", "not whole");
      StringWriter quiet = new StringWriter();
      assertThat(Main.run(failing("Broken pipe"), new PrintWriter(quiet, true), command)).isZero();
      assertThat(quiet.toString()).isEmpty();
    }
  }

  private static StandardOutput failing(String why) {
    return new StandardOutput(
        new OutputStream() {
          @Override
          public void write(int value) throws IOException {
            throw new IOException(why);
          }
        });
  }

  @Test
  void maintenanceSaysWhatItDid() throws Exception {
    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      SampleData.write(new SampleOptions(1, 1, true), folder.resolve("in"));
      lake.run(RunMode.BATCH, folder.resolve("in"));
      Table table = lake.table("accelerometer_landing");
      table
          .newAppend()
          .appendFile(ForeignFile.write(table, lake.records("accelerometer_landing")))
          .commit();
      Map<String, Long> rows = lake.counts();
      JsonNode looked = maintained("--dry-run").path("accelerometer_landing");
      assertThat(looked.path("before")).isEqualTo(looked.path("after"));
      long files = looked.at("/before/files").asLong();
      assertThat(files).as("files").isGreaterThan(1);
      assertThat(lake.lake().table("maintenance_lease")).as("a look takes no lease").isEmpty();

      JsonNode done =
          maintained("--only", "accelerometer_landing", "-D", "maintenance.min-input-files=2");
      assertThat(done.size()).isEqualTo(1);
      assertThat(done.at("/accelerometer_landing/before/files").asLong()).isEqualTo(files);
      assertThat(done.at("/accelerometer_landing/after/files").asLong()).isEqualTo(1);
      assertThat(lake.counts()).isEqualTo(rows);
      try (Lease other = Lease.forMaintenance(lake.lake(), "other")) {
        assertError(2, "Another process maintains the lake", "maintain");
      }
    }
    assertError(2, "There is no table 'nope' to maintain", "maintain", "--only", "nope");
  }

  /** The tables that a pass of maintenance tells of. */
  private JsonNode maintained(String... options) throws IOException {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> arguments = new ArrayList<>(List.of("maintain", "--format", "json"));
    arguments.addAll(List.of("--lake", folder.resolve("lake").toString()));
    arguments.addAll(List.of(options));
    int exitCode =
        Main.run(
            new PrintWriter(out), new PrintWriter(err, true), arguments.toArray(String[]::new));
    assertThat(exitCode).as(err.toString()).isZero();
    return new ObjectMapper().readTree(out.toString()).path("tables");
  }

  @Test
  void aQueryThatCannotRun() throws Exception {
    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      SampleData.write(new SampleOptions(1, 1, true), folder.resolve("in"));
      lake.run(RunMode.BATCH, folder.resolve("in"));
    }
    assertError(2, "Object 'nope' not found", "query", "SELECT * FROM nope");
    assertError(
        2,
        "quoted: SELECT \"user\", \"timestamp\" FROM accelerometer_trusted",
        "query",
        "SELECT user, timestamp FROM accelerometer_trusted");
    assertError(2, "query only reads", "query", "DROP TABLE customer_landing");
    assertError(2, "The query failed", "query", "SELECT CAST(email AS INT) FROM customer_landing");
  }

  @Test
  void twoRunsOnOneLake() throws Exception {
    SampleData.write(new SampleOptions(1, 1, true), folder.resolve("in"));
    Path lake = Files.createDirectories(folder.resolve("lake"));
    try (FolderLock lock = FolderLock.take(lake.resolve("run.lock")).orElseThrow()) {
      assertError(2, "Another run is writing", "run", "--input", folder.resolve("in").toString());
    }
  }

  private void assertError(int exitCode, String message, String... arguments) {
    boolean named = List.of(arguments).contains("--lake");
    assertErrorWithoutLake(
        exitCode,
        message,
        named
            ? arguments
            : Stream.concat(
                    Stream.of(arguments), Stream.of("--lake", folder.resolve("lake").toString()))
                .toArray(String[]::new));
  }

  private static void assertErrorWithoutLake(int exitCode, String message, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    String command = String.join(" ", arguments) + ": " + err;
    assertThat(code).as(command).isEqualTo(exitCode);
    List<String> errors = err.toString().lines().filter(l -> l.startsWith("error: ")).toList();
    assertThat(errors).as(command).singleElement().asString().contains(message);
    assertThat(err.toString()).as(command).doesNotContain("\tat ");
    assertThat(out.toString()).as(command).isEmpty();
  }
}
