package io.stedi.lakehouse.hard;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.records.RecordKind;
import io.stedi.lakehouse.testing.AwsLake;
import io.stedi.lakehouse.testing.AwsProxy;
import io.stedi.lakehouse.testing.AwsProxy.Fate;
import io.stedi.lakehouse.testing.Chance;
import io.stedi.lakehouse.testing.ReferenceTables;
import io.stedi.lakehouse.testing.Stedi;
import io.stedi.lakehouse.testing.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.util.FileUtils;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Feeds a stream whose tables are in Glue and S3 while it is killed, S3 turns calls away and tables
 * are compacted, and then checks the lake. What it was like is written to {@code
 * target/hard-run.md}.
 */
@Tag("hard")
class HardRunTest {

  private static final Duration WHOLE =
      Duration.ofSeconds(Integer.getInteger("stedi.hard.seconds", 600));
  private static final int KILLS = Integer.getInteger("stedi.hard.kills", 20);
  private static final int READINGS_A_SECOND = 2_000;
  private static final double TURNED_AWAY = 0.005;
  private static final Duration CATCHING_UP = Duration.ofMinutes(10);
  private static final Duration CHECKING = Duration.ofMinutes(10);
  private static final Path REPORT = Path.of("target", "hard-run.md");

  private static final List<String> COMPACTED =
      List.of("accelerometer_landing", "accelerometer_trusted");

  private static final String RAW = AwsLake.uri("raw");
  private static final String STATE = AwsLake.uri("state");

  private final long seed = Chance.seed(getClass());
  private final Random random = new Random(seed);
  private final Map<String, Instant> visible = new ConcurrentHashMap<>();
  private final AtomicLong mostMemory = new AtomicLong();
  private final AtomicInteger turnedAway = new AtomicInteger();

  /** Kept, with the logs, for whoever wants to know why it failed. */
  private final Path folder = Path.of("target", "hard-run").toAbsolutePath();

  private AwsLake aws;
  private Stedi stedi;
  private Process process;

  @Test
  void whateverHappensTheLakeIsRight() throws Exception {
    System.setProperty("aws.accessKeyId", "test");
    System.setProperty("aws.secretAccessKey", "test");
    aws = AwsLake.start();
    FileUtils.deleteDirectory(folder.toFile());
    stedi = aws.stedi(Files.createDirectories(folder), Map.of());
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    try (Lake lake = Lake.open(aws.catalogProperties(), AwsLake.DATABASE)) {
      turnCallsAway();
      start();
      Instant began = Instant.now();
      SensorFeed feed = new SensorFeed(seed, began);
      ScheduledFuture<?> feeding =
          clock.scheduleAtFixedRate(() -> put(feed.next()), 0, 1, TimeUnit.SECONDS);
      killUntil(began, feeding);
      feeding.cancel(false);
      clock.shutdown();
      assertThat(clock.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
      Duration fed = Duration.between(began, Instant.now());
      put(feed.last());
      awaitLanded(lake, feed);
      Duration landed = Duration.between(began, Instant.now());
      long state = bytesOfState(lake);
      noteMemory();
      process.destroy();
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("it stops").isTrue();
      assertThat(process.exitValue()).as(stedi.lastErr()).isZero();
      aws.proxy().rule(call -> AwsProxy.SERVED);

      report(lake, feed, fed, landed, state);
      check();
      assertThat(turnedAway).as("calls turned away").hasPositiveValue();
      for (String name : COMPACTED) {
        assertThat(history(lake, name).compactions()).as(name).isPositive();
      }
      assertThat(readings(feed) / fed.toSeconds()).isGreaterThanOrEqualTo(READINGS_A_SECOND);
    } finally {
      clock.shutdownNow();
      if (process != null) {
        process.destroyForcibly();
      }
      aws.close();
    }
  }

  private void turnCallsAway() {
    Random calls = new Random(seed);
    aws.proxy()
        .rule(
            call -> {
              synchronized (calls) {
                if (!call.action().startsWith("s3:") || calls.nextDouble() >= TURNED_AWAY) {
                  return AwsProxy.SERVED;
                }
              }
              turnedAway.incrementAndGet();
              return new Fate.Refused(503, "SlowDown", "Please reduce your request rate.");
            });
  }

  private void start() throws IOException {
    process =
        stedi.start(
            "run",
            "--conf=aws",
            "--mode=streaming",
            "--input=" + RAW,
            "-Dparallelism=2",
            "-Dstreaming.state-folder=" + STATE,
            "-Dstreaming.checkpoint-interval=5s",
            "-Dstreaming.monitor-interval=1s",
            "-Dmaintenance.interval=30s");
  }

  /** Kills it at random moments, and starts it again at once. */
  private void killUntil(Instant began, ScheduledFuture<?> feeding) throws Exception {
    long[] moments = random.longs(KILLS, 0, WHOLE.toMillis()).sorted().toArray();
    for (long moment : moments) {
      await(began.plusMillis(moment), feeding);
      kill();
      start();
    }
    await(began.plus(WHOLE), feeding);
  }

  private void await(Instant moment, ScheduledFuture<?> feeding) {
    Awaitility.await("%s (seed %d)".formatted(moment, seed))
        .atMost(WHOLE.plusMinutes(1))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              assertThat(process.isAlive())
                  .as("it runs (seed %d): %s", seed, stedi.lastErr())
                  .isTrue();
              assertThat(feeding.isDone()).as("the feed goes on (seed %d)", seed).isFalse();
              return !Instant.now().isBefore(moment);
            });
  }

  private void kill() throws Exception {
    noteMemory();
    process.destroyForcibly();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  /** The most memory that any of the processes has had, in bytes. */
  private void noteMemory() throws IOException {
    try (var lines = Files.lines(Path.of("/proc", String.valueOf(process.pid()), "status"))) {
      lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .forEach(bytes -> mostMemory.accumulateAndGet(bytes, Math::max));
    }
  }

  private void put(Map<String, byte[]> files) {
    files.forEach(
        (name, content) -> {
          aws.put("raw/" + name, content);
          visible.put(name, Instant.now());
        });
  }

  private void awaitLanded(Lake lake, SensorFeed feed) {
    Awaitility.await("all records in the landing tables (seed %d)".formatted(seed))
        .atMost(CATCHING_UP)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              assertThat(process.isAlive())
                  .as("it runs (seed %d): %s", seed, stedi.lastErr())
                  .isTrue();
              for (RecordKind kind : RecordKind.values()) {
                assertThat(total(lake, kind.tableName() + "_landing", "records"))
                    .as(kind.tableName())
                    .isEqualTo(feed.records(kind));
              }
            });
  }

  /** What a table has all in all, by the summary of its newest snapshot. */
  private static long total(Lake lake, String table, String what) {
    return lake.table(table)
        .map(Table::currentSnapshot)
        .map(snapshot -> snapshot.summary().getOrDefault("total-" + what, "0"))
        .map(Long::valueOf)
        .orElse(0L);
  }

  private static long bytesOfState(Lake lake) {
    long bytes = 0;
    SupportsPrefixOperations files =
        (SupportsPrefixOperations) lake.table("customer_landing").orElseThrow().io();
    for (FileInfo file : files.listPrefix(STATE)) {
      bytes += file.size();
    }
    return bytes;
  }

  /**
   * After a pass of maintenance: a check reads each delete file for each file that it applies to.
   */
  private void check() throws Exception {
    Process maintain = stedi.start("maintain", "--conf=aws");
    assertThat(maintain.waitFor(CHECKING.toSeconds(), TimeUnit.SECONDS)).as("a pass ends").isTrue();
    assertThat(maintain.exitValue()).as(stedi.lastErr()).isZero();
    Files.writeString(REPORT, "\n" + stedi.lastOut(), StandardOpenOption.APPEND);
    Process check = stedi.start("check", "--conf=aws", "--input=" + RAW, "-Dparallelism=2");
    assertThat(check.waitFor(CHECKING.toSeconds(), TimeUnit.SECONDS)).as("the check ends").isTrue();
    String found = stedi.lastOut() + stedi.lastErr();
    Files.writeString(REPORT, "\n" + found, StandardOpenOption.APPEND);
    assertThat(check.exitValue()).as("seed %d: %s", seed, found).isZero();
    assertThat(found).contains("raw_files", "same_rows");
  }

  private static long readings(SensorFeed feed) {
    return feed.records(RecordKind.ACCELEROMETER) + feed.records(RecordKind.STEP_TRAINER);
  }

  private void report(Lake lake, SensorFeed feed, Duration fed, Duration landed, long state)
      throws Exception {
    List<String> lines = new ArrayList<>(List.of("| what | value |", "| --- | ---: |"));
    add(lines, "seed", "%d", seed);
    add(lines, "readings fed", "%,d in %d s", readings(feed), fed.toSeconds());
    add(lines, "a second", "%,d", readings(feed) / fed.toSeconds());
    add(lines, "customer versions", "%,d", feed.records(RecordKind.CUSTOMER));
    add(lines, "fragments that are no records", "%,d", feed.rejects());
    add(lines, "killed", "%d times", KILLS);
    add(lines, "calls to S3 turned away", "%,d", turnedAway.get());
    long compactions = 0;
    for (String name : COMPACTED) {
      compactions += history(lake, name).compactions();
    }
    add(lines, "compactions of two tables", "%d", compactions);
    add(lines, "all landed after", "%d s", landed.toSeconds());
    List<Duration> fresh = new ArrayList<>();
    for (RecordKind kind : RecordKind.values()) {
      history(lake, kind.tableName() + "_landing")
          .landed()
          .forEach((file, at) -> fresh.add(Duration.between(visible.get(file), at)));
    }
    add(lines, "file visible to rows in the table, p50", "%.1f s", seconds(fresh, 0.5));
    add(lines, "file visible to rows in the table, p99", "%.1f s", seconds(fresh, 0.99));
    List<Duration> gone = withdrawals(lake, feed);
    add(lines, "withdrawal visible to rows gone from a table, p50", "%.1f s", seconds(gone, 0.5));
    add(lines, "withdrawal visible to rows gone from a table, p99", "%.1f s", seconds(gone, 0.99));
    add(lines, "state in S3", "%,d MB", state >> 20);
    add(lines, "most memory of a process (heap of 1.5 GB)", "%,d MB", mostMemory.get() >> 20);
    for (String name : TestLake.DERIVED) {
      add(
          lines,
          name,
          "%,d data files, %,d delete files",
          total(lake, name, "data-files"),
          total(lake, name, "delete-files"));
    }
    Files.write(REPORT, lines);
  }

  private static void add(List<String> lines, String what, String format, Object... values) {
    lines.add("| %s | %s |".formatted(what, String.format(Locale.ROOT, format, values)));
  }

  /**
   * How long it took until those who had withdrawn were gone, in each table that had rows of them.
   */
  private List<Duration> withdrawals(Lake lake, SensorFeed feed) throws Exception {
    List<Duration> gone = new ArrayList<>();
    List<SensorFeed.Change> changes = feed.changes();
    for (Map.Entry<String, String> column :
        Map.of(
                "customer_trusted", "account",
                "customer_curated", "account",
                "accelerometer_trusted", "account",
                "step_trainer_trusted", "device",
                "machine_learning_curated", "customer_id")
            .entrySet()) {
      Map<String, NavigableSet<Instant>> taken =
          history(lake, column.getKey()).takenBack(column.getValue());
      for (int i = 0; i < changes.size(); i++) {
        SensorFeed.Change change = changes.get(i);
        if (change.consents()) {
          continue;
        }
        Instant from = visibleAt(change);
        Instant until =
            changes.subList(i + 1, changes.size()).stream()
                .filter(later -> later.account().equals(change.account()))
                .findFirst()
                .map(this::visibleAt)
                .orElse(Instant.MAX);
        String value =
            switch (column.getValue()) {
              case "account" -> change.account();
              case "device" -> change.device();
              default -> ReferenceTables.pseudonym("account", change.account());
            };
        NavigableSet<Instant> times = taken.get(value);
        Instant last = times == null ? null : times.lower(until);
        if (last != null && last.isAfter(from)) {
          gone.add(Duration.between(from, last));
        }
      }
    }
    assertThat(gone).as("withdrawals that took something back").isNotEmpty();
    return gone;
  }

  private static LakeHistory history(Lake lake, String table) {
    return new LakeHistory(lake.table(table).orElseThrow());
  }

  /** The value below which a share of the durations is, in seconds. */
  private static double seconds(List<Duration> durations, double share) {
    List<Duration> sorted = new ArrayList<>(durations);
    sorted.sort(null);
    int place = (int) Math.ceil(share * sorted.size()) - 1;
    return sorted.get(Math.max(0, place)).toMillis() / 1000.0;
  }

  private Instant visibleAt(SensorFeed.Change change) {
    return visible.get("customer/" + change.file());
  }
}
