package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.testing.LakeRows;
import io.stedi.lakehouse.testing.RawFiles;
import io.stedi.lakehouse.testing.ReferenceTables.Customer;
import io.stedi.lakehouse.testing.ReferenceTables.Motion;
import io.stedi.lakehouse.testing.ReferenceTables.Step;
import io.stedi.lakehouse.testing.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readings that come earlier, later and much later than others, while the job runs. */
class OrderInMotionTest {

  private static final Duration DEADLINE = Duration.ofMinutes(1);

  /** More than it takes to move the watermark. */
  private static final int MANY = 2000;

  private static final long T = 1_655_000_000_000L;
  private static final long HOUR = Duration.ofHours(1).toMillis();

  /** Steps from here on find their motions one by one. */
  private static final long SINGLE = T + MANY;

  @TempDir private Path folder;
  private TestLake lake;
  private Path raw;

  @Test
  void whatIsLaterThanTheBoundIsMarkedAndPairedByTheNextBatchRun() throws Exception {
    raw = Files.createDirectories(folder.resolve("raw"));
    try (TestLake opened =
        TestLake.in(
            folder.resolve("lake"),
            Map.of(
                "streaming.bounded", "false",
                "streaming.monitor-interval", "100ms",
                "streaming.settle-time", "100ms",
                "streaming.checkpoint-interval", "500ms",
                "streaming.max-out-of-orderness.accelerometer", "1h",
                "streaming.max-out-of-orderness.step_trainer", "1h"))) {
      lake = opened;
      PipelineRun run = start();
      arrive("customer", RawFiles.json(new Customer("ann@x", "a1", T, T, T)));

      // Clocks that are wrong, in the first file of all.
      long in2090 = Instant.parse("2090-01-01T00:00:00Z").toEpochMilli();
      arrive("accelerometer", motion(in2090), motion(T + 58 * 24 * HOUR));
      arrive("accelerometer", many(T, this::motion));
      arrive("step_trainer", many(T, this::step));
      awaitCount("machine_learning_curated", MANY);

      // Phones are silent while there are steps, and the other way round.
      arrive("step_trainer", many(SINGLE, this::step));
      awaitCount("step_trainer_trusted", 2 * MANY);
      arrive("accelerometer", motion(SINGLE));
      awaitCount("machine_learning_curated", MANY + 1);
      assertThat(late("accelerometer_landing") + late("step_trainer_landing")).isZero();

      // A day later both kinds move on, and then what is older is late.
      arrive("accelerometer", many(T + 24 * HOUR, this::motion));
      arrive("step_trainer", many(T + 24 * HOUR, this::step));
      awaitCount("machine_learning_curated", 2 * MANY + 1);
      int old = 0;
      while (late("accelerometer_landing") == 0 || late("step_trainer_landing") == 0) {
        old++;
        assertThat(old).as("old readings before one is late").isLessThan(100);
        arrive("accelerometer", motion(SINGLE + old));
        arrive("step_trainer", step(T - old));
        awaitCount("accelerometer_trusted", 2 * MANY + 3 + old);
        awaitCount("step_trainer_trusted", 3 * MANY + old);
      }
      long pairs = count("machine_learning_curated");
      arrive("accelerometer", motion(SINGLE + old + 1), "no record, and so without a time");
      awaitCount("accelerometer_trusted", 2 * MANY + 3 + old + 1);
      assertThat(run.stop()).isTrue();
      run.await();

      assertThat(count("machine_learning_curated")).isEqualTo(pairs);
      assertThat(count("rejected_landing")).isEqualTo(1);
      assertThat(run.summary().late())
          .isEqualTo(
              Map.of(
                  "accelerometer_landing", late("accelerometer_landing"),
                  "step_trainer_landing", late("step_trainer_landing")));
      assertThat(late("accelerometer_landing")).isGreaterThan(1);

      // Also after a stop, and though it is there when the run begins: what it would have paired
      // with is gone.
      long lateBefore = late("accelerometer_landing");
      arrive("accelerometer", motion(SINGLE + old + 2));
      PipelineRun next = start();
      awaitCount("accelerometer_trusted", 2 * MANY + 3 + old + 2);
      assertThat(next.stop()).isTrue();
      next.await();
      assertThat(late("accelerometer_landing")).isEqualTo(lateBefore + 1);
      assertThat(count("machine_learning_curated")).isEqualTo(pairs);

      try (TestLake batch = TestLake.in(folder.resolve("batch"))) {
        assertThat(batch.run(RunMode.BATCH, raw).late()).isEmpty();
        assertThat(batch.counts())
            .containsEntry("machine_learning_curated", 2 * MANY + 1 + old + 2L)
            .containsEntry("accelerometer_trusted", 2 * MANY + 3 + old + 2L);
      }
    }
  }

  private PipelineRun start() {
    return new Pipeline(lake.settings(), lake.lake())
        .run(RunMode.STREAMING, raw.toUri(), Set.of(), false);
  }

  private String motion(long time) {
    return RawFiles.json(new Motion("ann@x", time, 0, 0, 1));
  }

  private String step(long time) {
    return RawFiles.json(new Step(time, "a1", 7));
  }

  private static String[] many(long from, LongFunction<String> record) {
    return LongStream.range(from, from + MANY).mapToObj(record).toArray(String[]::new);
  }

  private void arrive(String kind, String... records) throws IOException {
    RawFiles.arrive(raw, kind, records);
  }

  private void awaitCount(String table, long rows) {
    Awaitility.await(rows + " rows of " + table)
        .atMost(DEADLINE)
        .until(() -> count(table), Predicate.isEqual(rows));
  }

  private long count(String table) throws IOException {
    return lake.records(table).size();
  }

  private long late(String table) throws IOException {
    return new LakeRows(lake).rows(table, "arrived_late").stream().filter("true"::equals).count();
  }
}
