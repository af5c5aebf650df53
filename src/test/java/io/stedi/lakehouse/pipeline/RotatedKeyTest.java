package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.config.Setting;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.RawFiles;
import io.stedi.lakehouse.testing.ReferenceTables.Customer;
import io.stedi.lakehouse.testing.ReferenceTables.Motion;
import io.stedi.lakehouse.testing.ReferenceTables.Step;
import io.stedi.lakehouse.testing.RemoteFileSystem;
import io.stedi.lakehouse.testing.TestLake;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.flink.table.planner.plan.nodes.exec.ExecNodeContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pseudonym key that is replaced while a stream runs. Under another key a withdrawal of consent
 * would take back rows of other pseudonyms, and so none.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class RotatedKeyTest {

  private static final Duration DEADLINE = Duration.ofMinutes(1);
  private static final long T = 1_655_000_000_000L;

  @TempDir private Path folder;
  private Path raw;

  @Test
  void aTaskThatFindsAnotherKeyStopsTheStreamAndTheRightOneTakesEachRowBack() throws Exception {
    raw = Files.createDirectories(folder.resolve("raw"));
    Map<String, String> settings =
        Map.of(
            "streaming.bounded", "false",
            "streaming.monitor-interval", "100ms",
            "streaming.settle-time", "100ms",
            "streaming.checkpoint-interval", "500ms");
    try (TestLake lake = TestLake.in(folder.resolve("lake"), settings)) {
      PipelineRun run = start(lake, Resume.SAME_PROGRAM);
      arrive("customer", json(T, T), "ann");
      arrive("accelerometer", RawFiles.json(new Motion("ann@x", T, 0, 0, 1)), "motion");
      arrive("step_trainer", RawFiles.json(new Step(T, "a1", 7)), "step");
      awaitRows(lake, 1);

      Path key = Path.of(lake.settings().get(Setting.PSEUDONYM_KEY_FILE));
      String former = Files.readString(key);
      RemoteFileSystem.disturb(
          raw.resolve("customer/withdrawal.json"),
          () -> {
            Files.writeString(key, "another key of the tests, long enough");
            throw new IOException("a fault, after which tasks begin anew");
          });
      arrive("customer", json(T + 1, null), "withdrawal");
      assertThatThrownBy(run::await)
          .isInstanceOf(LakehouseException.class)
          .hasMessageContainingAll("pseudonym key", "not the one that the lake was written with");
      assertThat(lake.records("machine_learning_curated")).hasSize(1);
      assertThatThrownBy(() -> start(lake, Resume.SAME_PROGRAM))
          .hasMessageContaining("The pseudonym key is not the one");

      Files.writeString(key, former);
      PipelineRun again = start(lake, Resume.SAME_PROGRAM);
      awaitRows(lake, 0);
      assertThat(again.stop()).isTrue();
      again.await();
    }
  }

  @Test
  void anotherKeyIsTakenOnlyWhereEveryPseudonymIsMadeAnew() throws Exception {
    raw = Files.createDirectories(folder.resolve("raw"));
    Map<String, String> settings = Map.of(Setting.PSEUDONYM_ACCEPT_NEW_KEY.key(), "true");
    try (TestLake lake = TestLake.in(folder.resolve("lake"), settings)) {
      assertThatThrownBy(() -> start(lake, Resume.SAME_PROGRAM))
          .hasMessageContainingAll("pseudonym.accept-new-key", "--mode streaming --fresh");
      assertThatThrownBy(
              () ->
                  new Pipeline(lake.settings(), lake.lake())
                      .run(RunMode.BATCH, raw.toUri(), Set.of("customer_trusted"), Resume.FRESH))
          .hasMessageContaining("without --only");
    }
  }

  /** Flink numbers a process's operators on; in a process of its own a run begins again. */
  private PipelineRun start(TestLake lake, Resume resume) {
    ExecNodeContext.resetIdCounter();
    return new Pipeline(lake.settings(), lake.lake())
        .run(RunMode.STREAMING, URI.create(RemoteFileSystem.uri(raw)), Set.of(), resume);
  }

  private static String json(long updated, Long consent) {
    return RawFiles.json(new Customer("ann@x", "a1", T, updated, consent));
  }

  private void arrive(String kind, String record, String name) throws IOException {
    Path file = Files.createDirectories(raw.resolve(kind)).resolve(name + ".tmp");
    Files.writeString(file, record + "\n");
    Files.move(file, file.resolveSibling(name + ".json"));
  }

  private static void awaitRows(TestLake lake, int rows) {
    Awaitility.await(rows + " rows of machine_learning_curated")
        .atMost(DEADLINE)
        .until(() -> lake.records("machine_learning_curated").size(), Predicate.isEqual(rows));
  }
}
