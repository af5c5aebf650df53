package io.stedi.lakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stedi.lakehouse.generate.SampleData;
import io.stedi.lakehouse.generate.SampleOptions;
import io.stedi.lakehouse.generate.SampleSummary;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.records.RecordKind;
import io.stedi.lakehouse.testing.Stedi;
import io.stedi.lakehouse.testing.TestLake;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands as a user runs them. */
@Tag("process")
class StediProcessTest {

  @TempDir private Path folder;
  private Stedi stedi;

  @BeforeEach
  void stedi() {
    stedi = new Stedi(folder);
  }

  @Test
  void aRunWithoutInputMakesSampleDataAndAQuerySeesTheTables() throws Exception {
    Stedi.Result run =
        stedi.run(
            "run", "--format", "json", "-D", "flink.metrics.reporter.progress.interval=500ms");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).containsPattern("\\d records read, [\\d,]+ rows written, \\d+ s");
    JsonNode tables = new ObjectMapper().readTree(run.out()).get("tables");
    assertThat(tables).hasSize(9);
    assertThat(tables).allSatisfy(table -> assertThat(table.get("rows").asLong()).isPositive());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("lake"))))
        .as("who can look into the lake")
        .isEqualTo("rwx------");

    Stedi.Result query =
        stedi.run("query", "--format", "csv", "SELECT COUNT(*) AS n FROM machine_learning_curated");
    assertThat(query.exitCode()).as(query.err()).isZero();
    assertThat(query.out())
        .isEqualTo(
            "n\n%d\n".formatted(tables.get("machine_learning_curated").get("rows").asLong()));

    Stedi.Result manyCores =
        stedi.run("query", "-D", "parallelism=64", "SELECT COUNT(*) FROM customer_landing");
    assertThat(manyCores.exitCode()).as(manyCores.err()).isZero();

    Stedi.Result again = stedi.run("run", "--mode", "streaming", "-D", "streaming.bounded=true");
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.err()).contains("holds rows already", "--fresh");
    Stedi.Result fresh =
        stedi.run(
            "run",
            "--mode",
            "streaming",
            "-D",
            "streaming.bounded=true",
            "--fresh",
            "--format",
            "json");
    assertThat(fresh.exitCode()).as(fresh.err()).isZero();
    JsonNode streamed = new ObjectMapper().readTree(fresh.out()).get("tables");
    streamed
        .fieldNames()
        .forEachRemaining(
            name ->
                assertThat(streamed.get(name).get("rows"))
                    .as(name)
                    .isEqualTo(tables.get(name).get("rows")));

    Stedi.Result clean = stedi.run("check", "--format", "json");
    assertThat(clean.exitCode()).as(clean.out() + clean.err()).isZero();
    assertThat(new ObjectMapper().readTree(clean.out()).get("clean").asBoolean()).isTrue();
    Stedi.Result other = stedi.run("check", "-D", "machine-learning.match=device");
    assertThat(other.exitCode()).as(other.err()).isEqualTo(3);
    assertThat(other.out())
        .contains(
            "same_rows: machine_learning_curated: a row that the landing tables do not give",
            "consent.from-date = false, machine-learning.match = device")
        .doesNotContain("@");
  }

  /** One of each kind; more are in {@link MainTest}. */
  @Test
  void whatIsWrongIsSaidInOneParagraphWithTheExitCodeOfItsKind() throws Exception {
    assertError(2, "'consent.from-date'", "run", "-D", "consent.fromdate=true");
    assertError(3, "does not exist", "run", "--input", "nowhere");
    assertError(4, "Cannot write to the lake folder", "run", "--lake", "/proc/lake");
  }

  @Test
  void aJavaOrAHeapThatWillNotDoIsNamedBeforeAnythingStarts() throws Exception {
    for (String version : List.of("25.0.3", "11.0.2", "1.8.0_292")) {
      Path jdk = Files.createDirectories(folder.resolve(version));
      script(Files.createDirectories(jdk.resolve("bin")), "java", "exit 1");
      Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"%s\"\n".formatted(version));
      Stedi.Result run =
          new Stedi(folder, Map.of("JAVA_HOME", jdk.toString())).run("query", "SELECT 1");
      assertThat(run.exitCode()).as(version).isEqualTo(4);
      assertThat(run.err())
          .contains(
              "is Java " + version.replaceAll("^1\\.|(?<=\\d\\d)\\..*|\\.0_.*", ""), "JDK 17");
    }
    Stedi.Result heap = new Stedi(folder, Map.of("STEDI_HEAP", "4 g")).run("--version");
    assertThat(heap.exitCode()).isEqualTo(2);
    assertThat(heap.err()).contains("STEDI_HEAP='4 g' is no size", "STEDI_HEAP=4g");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar-EG", "tr-TR"})
  void theLocaleOfTheMachineChangesNothing(String tag) throws Exception {
    Locale locale = Locale.forLanguageTag(tag);
    Path input = folder.resolve("in");
    SampleData.write(new SampleOptions(5, 1, true), input);
    Path named = Files.createDirectories(input.resolve("customer/K\u00FCnstler \u0634"));
    Files.writeString(
        named.resolve("\u4E2D.json"),
        "{\"email\":\"I@example.com\",\"serialNumber\":\"I\",\"registrationDate\":1700000000000,\"lastUpdateDate\":1700000000000}");
    Stedi elsewhere =
        new Stedi(
            folder,
            Map.of(
                "LC_ALL",
                "C",
                "STEDI_JAVA_OPTS",
                "-Duser.language=%s -Duser.country=%s"
                    .formatted(locale.getLanguage(), locale.getCountry())));
    Stedi.Result run = elsewhere.run("run", "--input", input.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).containsPattern("customer_landing +[0-9]+ ");
    Stedi.Result query =
        elsewhere.run(
            "query",
            "--format",
            "csv",
            "SELECT source_file FROM customer_landing WHERE email = 'I@example.com'");
    assertThat(query.out()).contains("K\u00FCnstler \u0634/\u4E2D.json");
  }

  @Test
  void theLauncherNeedsNoToolsOfGnuAlone() throws Exception {
    Path tools = Files.createDirectories(folder.resolve("tools"));
    script(tools, "flock", "exit 1");
    script(
        tools,
        "readlink",
        "case \"$1\" in -*) exit 1;; *) exec /usr/bin/env -i readlink \"$1\";; esac");
    script(tools, "find", "case \"$*\" in *-quit*) exit 1;; *) exec /usr/bin/find \"$@\";; esac");
    Path link = folder.resolve("links").resolve("stedi");
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, Path.of("stedi").toAbsolutePath());
    ProcessBuilder builder =
        new ProcessBuilder(link.toString(), "--version").directory(folder.toFile());
    builder.environment().merge("PATH", "", (path, none) -> tools + ":" + path);
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the launcher ends").isTrue();
    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .startsWith("stedi-lakehouse");
    assertThat(process.exitValue()).isZero();
  }

  private static void script(Path folder, String name, String body) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void aFullDiskIsNamed() throws Exception {
    Path small = Files.createDirectories(folder.resolve("small"));
    assumeTrue(
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small.toString())
                .start()
                .waitFor()
            == 0,
        "skipped: a small disk cannot be mounted here");
    try {
      SampleData.write(new SampleOptions(500, 1, true), folder.resolve("in"));
      assertError(
          4,
          "The disk is full",
          "run",
          "--input",
          folder.resolve("in").toString(),
          "--lake",
          small.toString());
    } finally {
      assertThat(new ProcessBuilder("umount", "-l", small.toString()).start().waitFor()).isZero();
    }
  }

  @Test
  void aRunThatIsKilledLeavesTheFormerContentAndTheNextSucceeds() throws Exception {
    SampleData.write(new SampleOptions(20, 1, true), folder.resolve("small"));
    SampleSummary large =
        SampleData.write(new SampleOptions(4_000, 2, true), folder.resolve("large"));
    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      lake.run(RunMode.BATCH, folder.resolve("small"));
      Map<String, Long> before = lake.counts();
      long files = dataFiles();

      Process run = stedi.start("run", "--input", folder.resolve("large").toString());
      await("the run to write data files")
          .atMost(Duration.ofMinutes(2))
          .until(() -> dataFiles() > files || !run.isAlive());
      assertThat(run.isAlive()).as("the run is under way").isTrue();
      run.destroyForcibly();
      assertThat(run.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(lake.counts()).isEqualTo(before);

      Stedi.Result next = stedi.run("run", "--input", folder.resolve("large").toString());
      assertThat(next.exitCode()).as(next.err()).isZero();
      assertThat(lake.counts())
          .containsEntry("accelerometer_landing", large.records().get(RecordKind.ACCELEROMETER))
          .containsEntry("customer_landing", large.records().get(RecordKind.CUSTOMER));
      assertThat(lake.table("customer_landing").refs()).as("branches left").hasSize(1);
    }
  }

  private long dataFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("lake").resolve("warehouse"))) {
      return files.filter(file -> file.toString().endsWith(".parquet")).count();
    }
  }

  private void assertError(int exitCode, String message, String... arguments) throws Exception {
    Stedi.Result result = stedi.run(arguments);
    String command = String.join(" ", arguments) + ": " + result.err();
    assertThat(result.exitCode()).as(command).isEqualTo(exitCode);
    List<String> errors = result.err().lines().filter(line -> line.startsWith("error: ")).toList();
    assertThat(errors).as(command).singleElement().asString().contains(message);
    assertThat(result.err()).as(command).doesNotContain("\tat ");
    assertThat(result.out()).as(command).isEmpty();
  }
}
