package io.stedi.lakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stedi.lakehouse.testing.SharedLake;
import io.stedi.lakehouse.testing.Stedi;
import io.stedi.lakehouse.testing.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs that know nothing of each other, on one catalog: no lock file of this machine joins them.
 */
@Tag("process")
class SharedCatalogProcessTest {

  private static final int RUNS = 4;

  @TempDir private Path folder;

  @Test
  void overlappingRunsLeaveOneInputOnceAndWhoeverIsRefusedIsTold() throws Exception {
    Path input = SharedLake.sample().raw();
    Map<String, Long> expected = SharedLake.sample().counts();
    Path shared = Files.createDirectories(folder.resolve("shared"));
    List<Process> runs = new ArrayList<>();
    List<Stedi> commands = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      Stedi stedi =
          new Stedi(
              Files.createDirectories(folder.resolve("run-" + i)),
              Map.of("STEDI_PSEUDONYM_KEY", TestLake.KEY));
      commands.add(stedi);
      runs.add(start(stedi, shared, input));
    }
    int succeeded = 0;
    for (int i = 0; i < RUNS; i++) {
      assertThat(runs.get(i).waitFor(4, TimeUnit.MINUTES)).as("run %d ends", i).isTrue();
      String said = Files.readString(folder.resolve("run-" + i).resolve("stderr.txt"));
      if (runs.get(i).exitValue() == 0) {
        succeeded++;
      } else {
        assertThat(said).as("run %d", i).contains("Another run is writing to the lake");
        assertThat(runs.get(i).exitValue()).isEqualTo(2);
      }
    }
    assertThat(succeeded).as("runs that succeeded").isPositive();
    assertThat(counts(shared)).isEqualTo(expected);

    // One is killed at work; the next need not wait for its claim to run out.
    Process killed = start(commands.get(0), shared, input);
    long before = files(shared);
    await("the run to write")
        .atMost(Duration.ofMinutes(2))
        .until(() -> files(shared) > before + 10 || !killed.isAlive());
    killed.destroyForcibly();
    assertThat(killed.waitFor(30, TimeUnit.SECONDS)).isTrue();
    Process next = start(commands.get(1), shared, input);
    assertThat(next.waitFor(4, TimeUnit.MINUTES)).as("the next run ends").isTrue();
    assertThat(next.exitValue())
        .as(Files.readString(folder.resolve("run-1").resolve("stderr.txt")))
        .isZero();
    assertThat(counts(shared)).isEqualTo(expected);
  }

  private static Process start(Stedi stedi, Path shared, Path input) throws IOException {
    return stedi.start(
        "run",
        "--input",
        input.toString(),
        "-D",
        "catalog.uri=jdbc:sqlite:%s/catalog.db?busy_timeout=60000&journal_mode=WAL"
            .formatted(shared),
        "-D",
        "catalog.warehouse=file://%s/warehouse".formatted(shared));
  }

  private static Map<String, Long> counts(Path shared) throws IOException {
    try (TestLake lake = TestLake.in(shared)) {
      return lake.counts();
    }
  }

  private static long files(Path shared) throws IOException {
    try (var tree = Files.walk(shared.resolve("warehouse"))) {
      return tree.count();
    }
  }
}
