package io.stedi.lakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.generate.SampleData;
import io.stedi.lakehouse.generate.SampleOptions;
import io.stedi.lakehouse.lake.LakeLock;
import io.stedi.lakehouse.pipeline.RunMode;
import io.stedi.lakehouse.testing.TestLake;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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
    // The failed runs above have made the lake, but no table in it.
    assertError(2, "has no database", "query", "SELECT 1");
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
    try (var lock = LakeLock.take(folder.resolve("lake"))) {
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
