package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.generate.SampleData;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.LakeRows;
import io.stedi.lakehouse.testing.RemoteFileSystem;
import io.stedi.lakehouse.testing.SharedLake;
import io.stedi.lakehouse.testing.TestLake;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamingRestartTest {

  private static final Duration DEADLINE = Duration.ofMinutes(2);

  @TempDir private Path folder;

  /**
   * What is read after the restart is read before its first checkpoint. Iceberg's sink would drop
   * it if the input ended there.
   */
  @Test
  void rowsThatAreReadBetweenARestartAndTheNextCheckpointAreCommitted() throws Exception {
    Path raw = sample();
    Path largest;
    try (Stream<Path> files = Files.list(raw.resolve("accelerometer/landing"))) {
      largest = files.max(Comparator.comparing(file -> file.toFile().length())).orElseThrow();
    }
    Files.copy(largest, largest.resolveSibling("delivered-again.json"));
    Map<String, Long> expected = new TreeMap<>(SharedLake.sample().counts());
    // No copy of a reading is in a derived table.
    for (String table : List.of("accelerometer_landing", "rejected_landing")) {
      String name = "/" + largest.getFileName();
      expected.merge(
          table,
          new LakeRows(SharedLake.sample().lake())
              .rows(table, "source_file").stream().filter(file -> file.endsWith(name)).count(),
          Long::sum);
    }
    AtomicBoolean failed = new AtomicBoolean();
    try (TestLake lake =
        TestLake.in(folder.resolve("lake"), Map.of("streaming.checkpoint-interval", "3s"))) {
      RemoteFileSystem.disturb(
          largest,
          () -> {
            Awaitility.await("rows of the other files")
                .atMost(DEADLINE)
                .until(() -> lake.table("accelerometer_landing").currentSnapshot() != null);
            failed.set(true);
            throw new IOException("a disturbance");
          });
      PipelineRun run =
          new Pipeline(lake.settings(), lake.lake())
              .run(
                  RunMode.STREAMING,
                  URI.create(RemoteFileSystem.uri(raw)),
                  Set.of(),
                  Resume.SAME_PROGRAM);
      run.await();
      assertThat(failed).isTrue();
      assertThat(lake.counts()).isEqualTo(expected);
    }
  }

  /** It is there when the folder is listed, away when it is opened, and back after the restart. */
  @Test
  void aFileThatIsGoneForATimeIsReadWhenItIsBack() throws Exception {
    Path raw = sample();
    Path file;
    try (Stream<Path> files = Files.list(raw.resolve("step_trainer/landing"))) {
      file = files.findFirst().orElseThrow();
    }
    Path away = folder.resolve("away");
    RemoteFileSystem.disturb(
        file,
        () -> {
          Files.move(file, away);
          RemoteFileSystem.disturb(file, () -> Files.move(away, file));
        });
    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      PipelineRun run =
          new Pipeline(lake.settings(), lake.lake())
              .run(
                  RunMode.STREAMING,
                  URI.create(RemoteFileSystem.uri(raw)),
                  Set.of(),
                  Resume.SAME_PROGRAM);
      run.await();
      assertThat(file).exists();
      assertThat(lake.counts()).isEqualTo(SharedLake.sample().counts());
    }
  }

  /** The sample's files, which this test may change. */
  private Path sample() throws IOException {
    Path raw = folder.resolve("raw");
    SampleData.write(SharedLake.SAMPLE, raw);
    return raw;
  }
}
