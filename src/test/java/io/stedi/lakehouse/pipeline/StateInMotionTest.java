package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.RawFiles;
import io.stedi.lakehouse.testing.ReferenceTables.Customer;
import io.stedi.lakehouse.testing.ReferenceTables.Motion;
import io.stedi.lakehouse.testing.ReferenceTables.Step;
import io.stedi.lakehouse.testing.TestLake;
import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stays in the state of a streaming run, and what leaves it. */
class StateInMotionTest {

  private static final Duration DEADLINE = Duration.ofMinutes(1);

  /** Readings of each kind in a round: enough to be seen in the size of the state. */
  private static final int READINGS = 4000;

  private static final int ROUNDS = 12;

  /** After so many rounds what is bounded has its full size. */
  private static final int FULL = 4;

  private static final Duration TTL = Duration.ofSeconds(2);
  private static final long T = 1_655_000_000_000L;
  private static final long DAY = Duration.ofDays(1).toMillis();

  @TempDir private Path folder;
  private TestLake lake;
  private Path raw;

  @Test
  @Tag("long")
  void theStateIsFlatWithBoundsAndGrowsWithout() throws Exception {
    List<Long> bounded =
        sizesOverRounds("bounded", Map.of("streaming.state-ttl", TTL.toSeconds() + "s"));
    List<Long> unbounded = sizesOverRounds("unbounded", Map.of());

    long early = bounded.get(FULL - 1);
    assertThat(bounded.get(ROUNDS - 1)).as("bytes by round: %s", bounded).isLessThan(early * 3 / 2);
    assertThat(unbounded.get(ROUNDS - 1))
        .as("bytes by round: %s", unbounded)
        .isGreaterThan(unbounded.get(FULL - 1) * 2);
  }

  @Test
  void aWithdrawalDoesNotReachWhatHasLeftTheStateUntilTheNextBatchRun() throws Exception {
    try (TestLake opened = open("lake", Map.of("streaming.state-ttl", TTL.toSeconds() + "s"))) {
      lake = opened;
      PipelineRun run = run();
      arrive("customer", RawFiles.json(new Customer("ann@x", "a1", T, T, T)));
      arrive("accelerometer", motion(T));
      arrive("step_trainer", step(T));
      awaitCount("machine_learning_curated", 1);
      Awaitility.await("the end of the time that readings stay")
          .pollDelay(TTL.plusSeconds(1))
          .until(() -> true);

      arrive("customer", RawFiles.json(new Customer("ann@x", "a1", T, T + 1, null)));
      awaitCount("customer_trusted", 0);
      arrive("customer", RawFiles.json(new Customer("bob@x", "b1", T, T, T)));
      awaitCount("customer_trusted", 1);
      assertThat(run.stop()).isTrue();
      run.await();
      assertThat(count("accelerometer_trusted")).isEqualTo(1);
      assertThat(count("machine_learning_curated")).isEqualTo(1);

      lake.run(RunMode.BATCH, raw);
      assertThat(count("accelerometer_trusted")).isZero();
      assertThat(count("machine_learning_curated")).isZero();
    }
  }

  /** There is no clock that readings could be late for: in any order, months apart, they pair. */
  @Test
  void readingsPairInWhateverOrderTheyComeAndHoweverLate() throws Exception {
    try (TestLake opened = open("late", Map.of())) {
      lake = opened;
      PipelineRun run = run();
      long later = T + 200 * DAY;
      arrive("customer", RawFiles.json(new Customer("ann@x", "a1", T, T, T)));
      arrive("accelerometer", motion(later));
      arrive("step_trainer", step(later));
      awaitCount("machine_learning_curated", 1);
      arrive("step_trainer", step(T), step(T + DAY));
      arrive("accelerometer", motion(later + 1));
      awaitCount("step_trainer_trusted", 3);
      arrive("accelerometer", motion(T + DAY));
      awaitCount("machine_learning_curated", 2);
      arrive("accelerometer", motion(T));
      awaitCount("machine_learning_curated", 3);
      arrive("customer", RawFiles.json(new Customer("ann@x", "a1", T, T + 1, null)));
      awaitCount("machine_learning_curated", 0);
      assertThat(run.stop()).isTrue();
      run.await();
    }
  }

  /** The bytes of state after each round of readings, each a day later than the one before. */
  private List<Long> sizesOverRounds(String name, Map<String, String> settings) throws Exception {
    try (TestLake opened = open(name, settings)) {
      lake = opened;
      PipelineRun run = run();
      arrive("customer", RawFiles.json(new Customer("ann@x", "a1", T, T, T)));
      Long[] sizes = new Long[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        long from = T + round * DAY;
        arrive("accelerometer", many(from, this::motion));
        arrive("step_trainer", many(from, this::step));
        awaitCount("machine_learning_curated", (round + 1L) * READINGS);
        sizes[round] = stateBytes();
      }
      assertThat(run.stop()).isTrue();
      run.await();
      return List.of(sizes);
    }
  }

  private TestLake open(String name, Map<String, String> settings) throws IOException {
    raw = Files.createDirectories(folder.resolve(name + "-raw"));
    Map<String, String> all = new HashMap<>(settings);
    all.put("streaming.bounded", "false");
    all.put("streaming.monitor-interval", "100ms");
    all.put("streaming.settle-time", "100ms");
    all.put("streaming.checkpoint-interval", "500ms");
    // RocksDB takes back the room of what was deleted when its files are merged, which is later.
    all.put("flink.state.backend.type", "hashmap");
    return TestLake.in(folder.resolve(name), all);
  }

  private PipelineRun run() {
    return new Pipeline(lake.settings(), lake.lake())
        .run(RunMode.STREAMING, raw.toUri(), Set.of(), Resume.SAME_PROGRAM);
  }

  /** The size of the newest checkpoint, which the next one may take away while it is looked at. */
  private long stateBytes() {
    return Awaitility.await("a checkpoint that is there while it is read")
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptionsMatching(
            e -> e instanceof IOException || e instanceof UncheckedIOException)
        .until(this::newestCheckpointBytes, bytes -> bytes > 0);
  }

  private long newestCheckpointBytes() throws IOException {
    Path checkpoints = lake.folder().resolve("streaming/checkpoints");
    try (Stream<Path> files = Files.walk(checkpoints)) {
      Path newest =
          files
              .filter(file -> file.endsWith("_metadata"))
              .max(Comparator.comparing(StateInMotionTest::checkpointId))
              .orElseThrow(() -> new FileNotFoundException("No checkpoint in " + checkpoints));
      try (DataInputStream in = new DataInputStream(Files.newInputStream(newest))) {
        return Checkpoints.loadCheckpointMetadata(
                in, getClass().getClassLoader(), newest.toString())
            .getOperatorStates()
            .stream()
            .mapToLong(OperatorState::getStateSize)
            .sum();
      }
    }
  }

  private static long checkpointId(Path metadata) {
    return Long.parseLong(metadata.getParent().getFileName().toString().replace("chk-", ""));
  }

  private String motion(long time) {
    return RawFiles.json(new Motion("ann@x", time, 0, 0, 1));
  }

  private String step(long time) {
    return RawFiles.json(new Step(time, "a1", 7));
  }

  private static String[] many(long from, LongFunction<String> record) {
    return LongStream.range(from, from + READINGS).mapToObj(record).toArray(String[]::new);
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
}
