package io.stedi.lakehouse.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.files.RawInput;
import io.stedi.lakehouse.generate.SampleData;
import io.stedi.lakehouse.generate.SampleOptions;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.records.FileKinds;
import io.stedi.lakehouse.testing.LakeRows;
import io.stedi.lakehouse.testing.RemoteFileSystem;
import io.stedi.lakehouse.testing.SharedCluster;
import io.stedi.lakehouse.testing.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Input, output, settings and key on a file system that is not this machine's. */
class FilesAnywhereTest {

  @TempDir private Path folder;

  private String conf;

  @BeforeEach
  void writeSettings() throws IOException {
    Path key = Files.writeString(folder.resolve("key"), TestLake.KEY);
    Path yaml =
        Files.writeString(
            folder.resolve("conf.yaml"),
            Files.readString(Path.of("conf", "local.yaml"))
                .replace(
                    "key-file: ${lake}/pseudonym.key", "key-file: " + RemoteFileSystem.uri(key))
                .replace("${lake}", folder.resolve("lake").toString()));
    Files.createDirectories(folder.resolve("lake"));
    conf = RemoteFileSystem.uri(yaml);
  }

  @Test
  void aJobReadsAndWritesWhereItIsTold() throws Exception {
    Path history = folder.resolve("history");
    SampleData.write(SampleOptions.history(30, 5, 20), history);
    Path reduced = folder.resolve("reduced");
    String output = RemoteFileSystem.uri(reduced);
    job("prepare", "--input", RemoteFileSystem.uri(history), "--output", output);
    List<String> first = visible(reduced);
    assertThat(first).containsExactly("_stedi_manifest.json", run(first) + "/");
    Path unfinished = Files.createDirectories(folder.resolve("half/stedi-run-killed/customer"));
    for (String kind : List.of("customer", "accelerometer", "step_trainer")) {
      Files.writeString(unfinished.resolve(kind + ".json"), "{}");
    }
    assertThatThrownBy(
            () ->
                RawInput.open(
                    RemoteFileSystem.uri(folder.resolve("half")), FileKinds.BY_MENTION, null))
        .hasMessageContaining("is an output of prepare");

    // What the manifest names is read, and nothing that a run which was killed left.
    Path left = Files.createDirectories(reduced.resolve("stedi-run-killed/customer"));
    Files.writeString(left.resolve("customer.json"), "{}");
    try (RawInput raw =
        RawInput.open(output + "/_stedi_manifest.json", FileKinds.BY_MENTION, null)) {
      assertThat(raw.root().toString()).isEqualTo(output + "/" + run(first));
      assertThat(raw.ignored()).isEmpty();
    }
    job("run", "--input", output + "/_stedi_manifest.json", "--mode", "batch");
    try (TestLake lake = TestLake.in(folder.resolve("lake"));
        TestLake expected = TestLake.in(folder.resolve("expected"))) {
      expected.run(RunMode.BATCH, reduced.resolve(run(first)));
      assertThat(lake.counts())
          .containsEntry("customer_trusted", expected.counts().get("customer_trusted"))
          .containsEntry(
              "machine_learning_curated", expected.counts().get("machine_learning_curated"));
      assertThat(expected.counts().get("machine_learning_curated")).isPositive();
      assertThat(new LakeRows(lake).rows("rejected_landing", "command")).containsOnly("prepare");
    }

    assertThatThrownBy(
            () -> job("prepare", "--input", RemoteFileSystem.uri(history), "--output", output))
        .isInstanceOf(LakehouseException.class)
        .hasMessageContainingAll(output, "exists already", "--overwrite");
    job("prepare", "--input", RemoteFileSystem.uri(history), "--output", output, "--overwrite");
    List<String> second = visible(reduced);
    assertThat(run(second)).isNotEqualTo(run(first));
    assertThat(second).doesNotContain(run(first) + "/");
    Files.writeString(reduced.resolve("notes.txt"), "not from here");
    assertThatThrownBy(
            () ->
                job(
                    "prepare",
                    "--input",
                    RemoteFileSystem.uri(history),
                    "--output",
                    output,
                    "--overwrite"))
        .hasMessageContainingAll(output, "notes.txt", "prepare did not write");
  }

  @Test
  void whatIsWrongIsThrownAndNamed() throws Exception {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    assertFails(LakehouseException.Kind.USAGE, "Say what to do: ");
    assertFails(LakehouseException.Kind.USAGE, "--mode", "run", "--conf", conf, "--input", "x");
    assertFails(
        LakehouseException.Kind.DATA,
        "remote://host/nowhere does not exist",
        "run",
        "--conf",
        conf,
        "--mode",
        "batch",
        "--input",
        "remote://host/nowhere");
    assertFails(
        LakehouseException.Kind.DATA,
        "holds no files",
        "run",
        "--conf",
        conf,
        "--mode",
        "batch",
        "--input",
        RemoteFileSystem.uri(empty));
    assertFails(
        LakehouseException.Kind.USAGE,
        "no file system for elsewhere://bucket/raw",
        "run",
        "--conf",
        conf,
        "--mode",
        "batch",
        "--input",
        "elsewhere://bucket/raw");
    assertFails(
        LakehouseException.Kind.USAGE,
        "Cannot read the settings file remote://host/no.yaml",
        "run",
        "--conf",
        "remote://host/no.yaml",
        "--mode",
        "batch",
        "--input",
        "x");
    Path zip = Files.write(folder.resolve("in.zip"), new byte[] {'P', 'K', 3, 4});
    assertFails(
        LakehouseException.Kind.DATA,
        "Unpack it",
        "run",
        "--conf",
        conf,
        "--mode",
        "batch",
        "--input",
        zip.toString());
  }

  private void job(String command, String... arguments) throws IOException {
    LakehouseJob.main(
        Stream.concat(
                Stream.of(
                    command,
                    "--conf",
                    conf,
                    "-Dparallelism=2",
                    "-Dflink.execution.target=" + SharedCluster.TARGET),
                Stream.of(arguments))
            .toArray(String[]::new));
  }

  private static void assertFails(
      LakehouseException.Kind kind, String message, String... arguments) {
    assertThatThrownBy(() -> LakehouseJob.main(arguments))
        .isInstanceOfSatisfying(LakehouseException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContaining(message);
  }

  private static String run(List<String> visible) {
    return visible.stream()
        .filter(name -> name.startsWith("stedi-run-") && !name.startsWith("stedi-run-killed"))
        .findFirst()
        .orElseThrow()
        .replace("/", "");
  }

  private static List<String> visible(Path output) throws IOException {
    try (Stream<Path> entries = Files.list(output)) {
      return entries
          .filter(entry -> !entry.getFileName().toString().startsWith("."))
          .map(entry -> entry.getFileName() + (Files.isDirectory(entry) ? "/" : ""))
          .sorted()
          .toList();
    }
  }
}
