package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.LakeRows;
import io.stedi.lakehouse.testing.RawFiles;
import io.stedi.lakehouse.testing.ReferenceTables.Customer;
import io.stedi.lakehouse.testing.TestLake;
import io.stedi.lakehouse.testing.WatchedFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint that is given up after some of a table's writers took part in it. */
class GivenUpCheckpointTest {

  private static final String TABLE = "customer_trusted";

  private static final int CUSTOMERS = 40;
  private static final long T = 1_655_000_000_000L;

  @TempDir private Path folder;

  /**
   * Holds up one of the two writers until the other one has closed files in two checkpoints, of
   * which the first has expired.
   */
  private static final class HeldWriter implements WatchedFiles.Watcher {

    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch second = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final List<String> later = new ArrayList<>();

    @Override
    public void opened(String location) {
      if (location.contains(TABLE + "/data/00001-")) {
        held.countDown();
        await("the release of the writer", released);
      } else if (location.contains(TABLE + "/data/00000-") && first.getCount() == 0) {
        later.add(location);
      }
    }

    @Override
    public void closed(String location) {
      if (location.contains(TABLE + "/data/00000-")) {
        await("the other writer, which is held", held);
        first.countDown();
        if (later.contains(location)) {
          second.countDown();
        }
      }
    }

    static void await(String what, CountDownLatch latch) {
      try {
        assertThat(latch.await(1, TimeUnit.MINUTES)).as(what).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @AfterEach
  void watchNoMore() {
    WatchedFiles.watchNoMore();
  }

  @Test
  @Timeout(180)
  void whatIsTakenBackInTheNextCheckpointIsGone() throws Exception {
    Path raw = Files.createDirectories(folder.resolve("raw"));
    HeldWriter writer = new HeldWriter();
    try (TestLake lake =
        TestLake.in(
            folder.resolve("lake"),
            Map.of(
                "catalog.io-impl", WatchedFiles.class.getName(),
                "streaming.bounded", "false",
                "streaming.monitor-interval", "100ms",
                "streaming.settle-time", "100ms",
                "streaming.checkpoint-interval", "1s",
                "flink.execution.checkpointing.timeout", "3s",
                "flink.execution.checkpointing.tolerable-failed-checkpoints", "1000"))) {
      PipelineRun run =
          new Pipeline(lake.settings(), lake.lake())
              .run(RunMode.STREAMING, raw.toUri(), Set.of(), Resume.SAME_PROGRAM);
      // The others come just after a checkpoint, so that both writers have some of them before the
      // next one.
      RawFiles.arrive(raw, "customer", customer(CUSTOMERS, T, T));
      awaitCommits(lake, 1);
      WatchedFiles.watch(writer);
      RawFiles.arrive(raw, "customer", customers(i -> customer(i, T, T)));
      HeldWriter.await("files of the first checkpoint", writer.first);
      // Half of them withdraw, and the others change.
      RawFiles.arrive(raw, "customer", customers(i -> customer(i, T + 1, i % 2 == 0 ? null : T)));
      HeldWriter.await("files of the second checkpoint", writer.second);
      assertThat(commits(lake)).as("the first is not complete").isEqualTo(1);
      writer.released.countDown();
      awaitCommits(lake, 2);
      assertThat(run.stop()).isTrue();
      run.await();

      // Half of those who came in the second file, and the one of the first.
      assertThat(new LakeRows(lake).rows("customer_trusted", "account", "lastupdatedate"))
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(
                      Stream.of("p%d@x|%d".formatted(CUSTOMERS, T)),
                      IntStream.range(0, CUSTOMERS)
                          .filter(i -> i % 2 != 0)
                          .mapToObj(i -> "p%d@x|%d".formatted(i, T + 1)))
                  .toList());
    }
  }

  private static String[] customers(IntFunction<String> record) {
    return IntStream.range(0, CUSTOMERS).mapToObj(record).toArray(String[]::new);
  }

  private static String customer(int number, long updated, Long consent) {
    return RawFiles.json(
        new Customer("p%d@x".formatted(number), "s%d".formatted(number), T, updated, consent));
  }

  private static void awaitCommits(TestLake lake, long least) {
    Awaitility.await("%d commits to %s".formatted(least, TABLE))
        .atMost(Duration.ofMinutes(1))
        .until(() -> commits(lake) >= least);
  }

  private static long commits(TestLake lake) {
    return StreamSupport.stream(lake.table(TABLE).snapshots().spliterator(), false).count();
  }
}
