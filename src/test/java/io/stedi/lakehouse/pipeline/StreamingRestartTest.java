package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.generate.SampleData;
import io.stedi.lakehouse.generate.SampleOptions;
import io.stedi.lakehouse.testing.RemoteFileSystem;
import io.stedi.lakehouse.testing.TestLake;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
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
    Path raw = folder.resolve("raw");
    SampleData.write(new SampleOptions(20, 4, false), raw);
    Path largest;
    try (Stream<Path> files = Files.list(raw.resolve("accelerometer/landing"))) {
      largest = files.max(Comparator.comparing(file -> file.toFile().length())).orElseThrow();
    }
    Files.copy(largest, largest.resolveSibling("delivered-again.json"));
    AtomicBoolean failed = new AtomicBoolean();
    try (TestLake expected = TestLake.in(folder.resolve("expected"));
        TestLake lake =
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
              .run(RunMode.STREAMING, URI.create(RemoteFileSystem.uri(raw)), Set.of(), false);
      run.await();
      assertThat(failed).isTrue();
      expected.run(RunMode.BATCH, raw);
      assertThat(lake.counts()).isEqualTo(expected.counts());
    }
  }

  /** It is there when the folder is listed, away when it is opened, and back after the restart. */
  @Test
  void aFileThatIsGoneForATimeIsReadWhenItIsBack() throws Exception {
    Path raw = folder.resolve("raw");
    SampleData.write(new SampleOptions(20, 4, false), raw);
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
    try (TestLake expected = TestLake.in(folder.resolve("expected"));
        TestLake lake = TestLake.in(folder.resolve("lake"))) {
      PipelineRun run =
          new Pipeline(lake.settings(), lake.lake())
              .run(RunMode.STREAMING, URI.create(RemoteFileSystem.uri(raw)), Set.of(), false);
      run.await();
      assertThat(file).exists();
      expected.run(RunMode.BATCH, raw);
      assertThat(lake.counts()).isEqualTo(expected.counts());
    }
  }
}
