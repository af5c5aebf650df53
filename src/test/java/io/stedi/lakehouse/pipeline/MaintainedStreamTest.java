package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.check.LakeCheck;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.generate.SampleData;
import io.stedi.lakehouse.generate.SampleOptions;
import io.stedi.lakehouse.maintain.Maintenance;
import io.stedi.lakehouse.maintain.MaintenanceOptions;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.ArrivingFiles;
import io.stedi.lakehouse.testing.Chance;
import io.stedi.lakehouse.testing.TestLake;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.table.planner.plan.nodes.exec.ExecNodeContext;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Maintenance beside a stream: it changes no row, and the stream always goes on. */
class MaintainedStreamTest {

  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final int PIECES = 12;

  /** Keeps as little as there may be. */
  private static final MaintenanceOptions ALL =
      new MaintenanceOptions(128L << 20, 2, 1, 1_000_000, 3, Duration.ZERO);

  @TempDir private Path folder;

  @Test
  void theStreamGoesOnAfterAPassAndNoRowIsAnother() throws Exception {
    Random random = new Random(Chance.seed(MaintainedStreamTest.class));
    Path raw = folder.resolve("raw");
    SampleData.write(new SampleOptions(40, random.nextInt(1000), false), raw);
    Path input = Files.createDirectories(folder.resolve("in"));
    ArrivingFiles files = ArrivingFiles.of(raw, PIECES, input, random);
    int all = files.left();
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (TestLake batch = TestLake.in(folder.resolve("batch"));
        TestLake lake =
            TestLake.in(
                folder.resolve("lake"),
                Map.of(
                    "streaming.bounded", "false",
                    "streaming.monitor-interval", "100ms",
                    "streaming.settle-time", "100ms",
                    "streaming.checkpoint-interval", "300ms"))) {
      Pipeline pipeline = new Pipeline(lake.settings(), lake.lake());
      List<String> tables = pipeline.tables();
      ExecNodeContext.resetIdCounter();
      PipelineRun run =
          pipeline.run(RunMode.STREAMING, input.toUri(), Set.of(), Resume.SAME_PROGRAM);
      AtomicBoolean stopped = new AtomicBoolean();
      AtomicInteger passes = new AtomicInteger();
      Future<?> maintained =
          threads.submit(
              () -> {
                while (!stopped.get()) {
                  assertMaintained(lake, tables);
                  passes.incrementAndGet();
                }
              });
      while (files.left() > all / 4) {
        files.arrive(1);
        int before = passes.get();
        Awaitility.await("a pass").atMost(DEADLINE).until(() -> passes.get() > before);
      }
      files.arrive(all / 8);
      assertThat(run.stop()).isTrue();
      run.await();
      stopped.set(true);
      maintained.get(1, TimeUnit.MINUTES);
      assertThat(passes.get()).as("passes beside the stream").isGreaterThan(2);

      assertMaintained(lake, tables);
      files.arrive(files.left());
      batch.run(RunMode.BATCH, input);
      Map<String, Long> expected = batch.counts();
      // As in a process of its own: Flink numbers operators on in this one.
      ExecNodeContext.resetIdCounter();
      run = pipeline.run(RunMode.STREAMING, input.toUri(), Set.of(), Resume.SAME_PROGRAM);
      Awaitility.await("the rows of a batch run")
          .atMost(DEADLINE)
          .until(() -> lake.counts().equals(expected));
      assertThat(run.stop()).isTrue();
      run.await();

      assertMaintained(lake, tables);
      assertThat(lake.counts()).isEqualTo(expected);
      assertThat(new LakeCheck(lake.settings(), lake.lake()).run(input.toUri()).isClean()).isTrue();
      for (String name : tables) {
        Table table = lake.table(name);
        if (table.currentSnapshot() != null) {
          assertThat(total(table, SnapshotSummary.TOTAL_DELETE_FILES_PROP)).as(name).isZero();
          assertThat(total(table, SnapshotSummary.TOTAL_DATA_FILES_PROP))
              .as(name)
              .isLessThanOrEqualTo(1);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void icebergsOwnMaintenanceIsRefused() throws Exception {
    SampleData.write(new SampleOptions(1, 1, true), folder.resolve("in"));
    try (TestLake lake =
        TestLake.in(
            folder.resolve("lake"),
            Map.of("flink.flink-maintenance.expire-snapshots.enabled", "true"))) {
      assertThatThrownBy(() -> lake.run(RunMode.BATCH, folder.resolve("in")))
          .isInstanceOf(LakehouseException.class)
          .hasMessageContainingAll("flink-maintenance", "stedi maintain");
    }
  }

  private static void assertMaintained(TestLake lake, List<String> tables) {
    assertThat(new Maintenance(lake.lake(), ALL).run(tables, result -> {}))
        .allSatisfy(result -> assertThat(result.failure()).as(result.table()).isNull());
  }

  private static long total(Table table, String property) {
    return Long.parseLong(table.currentSnapshot().summary().getOrDefault(property, "0"));
  }
}
