package io.stedi.lakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.stedi.lakehouse.function.Canonical;
import io.stedi.lakehouse.generate.SampleData;
import io.stedi.lakehouse.generate.SampleOptions;
import io.stedi.lakehouse.maintain.Forgetting;
import io.stedi.lakehouse.pipeline.Pipeline;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.ArrivingFiles;
import io.stedi.lakehouse.testing.Chance;
import io.stedi.lakehouse.testing.LakeFolder;
import io.stedi.lakehouse.testing.LakeRows;
import io.stedi.lakehouse.testing.ListeningSockets;
import io.stedi.lakehouse.testing.Stedi;
import io.stedi.lakehouse.testing.TestLake;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.Table;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that goes on until it is stopped, and one that goes on where another ended. */
@Tag("process")
class ContinuousProcessTest {

  private static final Duration DEADLINE = Duration.ofMinutes(2);

  /** Where a web page is from that is open in a browser on the same machine. */
  private static final String PAGE = "https://page.example";

  /** How often it is killed at a random moment. */
  private static final int KILLS = Chance.LONG ? 10 : 2;

  private final long seed = Chance.seed(getClass());
  private final Random random = new Random(seed);

  @TempDir private Path folder;
  private Path temporary;
  private Stedi stedi;
  private Path raw;
  private Path input;
  private Process process;

  /** As long as a check beside the run takes, which reads a former snapshot. */
  private String keepTime = "1min";

  @BeforeEach
  void makeFiles() throws IOException {
    temporary = Files.createDirectories(folder.resolve("tmp"));
    stedi =
        new Stedi(
            Files.createDirectories(folder.resolve("run")),
            Map.of("STEDI_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary));
    raw = folder.resolve("raw");
    input = folder.resolve("in");
    SampleData.write(new SampleOptions(60, seed, false), raw);
  }

  @Test
  void killedAtAnyMomentItGoesOnAndEndsWithTheRowsOfABatchRun() throws Exception {
    keepTime = "1s";
    ArrivingFiles files = ArrivingFiles.of(raw, 20 + 10 * KILLS, input, random);
    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      start(lake);
      files.arrive(20);
      awaitCommit(lake, "accelerometer_landing");
      assertThat(second(lake).err()).contains("Another run is writing to the lake");
      for (int i = 0; i < KILLS; i++) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(3000));
        Awaitility.await("a random moment (seed %d)".formatted(seed))
            .atMost(DEADLINE)
            .until(
                () -> {
                  files.arrive(1);
                  return System.nanoTime() > end;
                });
        kill();
        assertThat(temporary).as("what it left").isDirectoryContaining("glob:**/stedi-*");
        start(lake);
        awaitErr("going on from checkpoint");
      }
      awaitErr("going on from checkpoint", "records read");
      killBetweenCheckpointAndCommit(lake, files);
      start(lake);
      files.arrive(files.left());
      awaitRowsOfBatch(lake);
      assertThat(stop()).as(err()).isZero();
      assertThat(temporary)
          .as("what those that were killed left")
          .isDirectoryNotContaining("glob:**/stedi-*");
      assertSameAsBatch(lake);
    }
  }

  @Test
  void stoppedItLeavesASavepointThatTheNextOneGoesOnFrom() throws Exception {
    ArrivingFiles files = ArrivingFiles.of(raw, 20, input, random);
    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      start(lake);
      files.arrive(6);
      awaitCommit(lake, "accelerometer_landing");
      assertThatNobodyIsAnswered();
      assertThatACheckBesideItIsClean(lake, files);
      assertThat(stop()).as(err()).isZero();
      assertThat(err()).contains("stopping");
      assertThat(stedi.lastOut()).contains("customer_landing", "streaming run");
      files.arrive(files.left());
      start(lake);
      awaitErr("going on from checkpoint", "records read");
      awaitRowsOfBatch(lake);
      assertThat(stop()).as(err()).isZero();
      assertThat(err()).as("nobody knows how many it will read").doesNotContain("of about");
      assertSameAsBatch(lake);

      assertThat(
              stedi
                  .run(arguments(lake, "-D", "consent.from-date=true").toArray(String[]::new))
                  .err())
          .contains("begun with consent.from-date = false", "--fresh");
      lake.run(RunMode.BATCH, input);
      assertThat(second(lake).err()).contains("Another run has replaced the rows", "--fresh");
      process = stedi.start(arguments(lake, "--fresh", "--ui").toArray(String[]::new));
      awaitErr("discarding the state up to checkpoint", "the tables were emptied");
      assertThatItsUiIsForLookingOnly();
      awaitRowsOfBatch(lake);
      assertThat(stop()).as(err()).isZero();
      assertSameAsBatch(lake);
    }
  }

  /** What it shows of the erasure alone, {@code ForgetTest} shows in every build. */
  @Tag("long")
  @Test
  void whoIsForgottenIsGoneThoughTheStreamAndTheErasureAreKilled() throws Exception {
    ArrivingFiles files = ArrivingFiles.of(raw, 10 + 6 * KILLS, input, random);
    try (TestLake lake = TestLake.in(folder.resolve("lake"));
        TestLake batch = TestLake.in(folder.resolve("batch"))) {
      batch.run(RunMode.BATCH, raw);
      List<String> candidates = peopleWithADeviceOfTheirOwn(batch);
      start(lake);
      files.arrive(10);
      // Whose device the lake does not know yet when they ask, it does not know as theirs later.
      Awaitility.await("people who have landed (seed %d)".formatted(seed))
          .atMost(DEADLINE)
          .until(
              () -> {
                if (files.left() > 3 * KILLS + 1) {
                  files.arrive(1);
                }
                return landed(lake, candidates).size() >= 3;
              });
      List<String> people = landed(lake, candidates).subList(0, 3);
      Path list = Files.write(folder.resolve("people"), people);
      assertThat(forgetting(batch).run(people, DEADLINE, step -> {}).isDone()).isTrue();
      for (int i = 0; i < KILLS; i++) {
        Process forgetting = other("forget-" + i).start(forget(lake, "--accounts=" + list));
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(20_000));
        Awaitility.await("a random moment (seed %d)".formatted(seed))
            .atMost(DEADLINE)
            .until(() -> System.nanoTime() > end);
        files.arrive(3);
        if (random.nextBoolean()) {
          kill();
          start(lake);
        }
        forgetting.destroyForcibly();
        assertThat(forgetting.waitFor(30, TimeUnit.SECONDS)).isTrue();
      }
      files.arrive(files.left());
      // Those that were killed may not have come to record whom.
      Stedi.Result forgotten = other("forget").run(forget(lake, "--accounts=" + list));
      assertThat(forgotten.exitCode()).as(forgotten.out() + forgotten.err()).isZero();
      Map<String, Long> expected = batch.counts();
      Awaitility.await("the rows of all others (seed %d)".formatted(seed))
          .atMost(DEADLINE)
          .untilAsserted(() -> assertThat(lake.counts()).isEqualTo(expected));
      assertThat(stop()).as(err()).isZero();

      for (String table : TestLake.DERIVED) {
        assertThat(new LakeRows(lake).all(table))
            .as("%s (seed %d)", table, seed)
            .isEqualTo(new LakeRows(batch).all(table));
      }
      assertThat(forgetting(lake).verify()).isEmpty();
      assertThat(LakeFolder.holding(lake.folder(), people, List.of("streaming"))).isEmpty();
    }
  }

  /** Those who have one device only, which nobody else has. */
  private static List<String> peopleWithADeviceOfTheirOwn(TestLake lake) throws IOException {
    Map<String, Set<String>> owners = new TreeMap<>();
    Map<String, Set<String>> devices = new TreeMap<>();
    for (String row : new LakeRows(lake).rows("customer_landing", "email", "serialnumber")) {
      String[] cells = row.split("\\|");
      String account = Canonical.of(cells[0]);
      String device = Canonical.of(cells[1]);
      owners.computeIfAbsent(device, any -> new TreeSet<>()).add(account);
      devices.computeIfAbsent(account, any -> new TreeSet<>()).add(device);
    }
    return devices.entrySet().stream()
        .filter(account -> account.getValue().size() == 1)
        .filter(account -> owners.get(account.getValue().iterator().next()).size() == 1)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static List<String> landed(TestLake lake, List<String> accounts) throws IOException {
    if (lake.lake().table("customer_landing").isEmpty()) {
      return List.of();
    }
    Set<String> landed = new TreeSet<>();
    for (String address : new LakeRows(lake).rows("customer_landing", "email")) {
      landed.add(Canonical.of(address));
    }
    return accounts.stream().filter(landed::contains).toList();
  }

  private static Forgetting forgetting(TestLake lake) {
    return Forgetting.of(
        lake.lake(),
        lake.settings().maintenance(),
        lake.settings().pseudonymKey(),
        new Pipeline(lake.settings(), lake.lake()).tables());
  }

  private Stedi other(String name) throws IOException {
    return new Stedi(Files.createDirectories(folder.resolve(name)));
  }

  private static String[] forget(TestLake lake, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("forget", "--lake=" + lake.folder(), "--wait=2min"));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  /** Faults of the kind that end: nothing is lost by them, and nothing is there twice. */
  @Test
  void itOutlivesAFolderThatIsAwayALockedCatalogAndAFullDisk() throws Exception {
    ArrivingFiles files = ArrivingFiles.of(raw, 8, input, random);
    Path small = Files.createDirectories(folder.resolve("small"));
    assumeTrue(
        exec("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", small.toString()) == 0,
        "skipped: a small disk cannot be mounted here");
    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      process =
          stedi.start(
              arguments(lake, "-Dstreaming.state-folder=" + small.resolve("state"))
                  .toArray(String[]::new));
      files.arrive(6);
      awaitCommit(lake, "accelerometer_landing");

      Path away = folder.resolve("away");
      Files.move(input, away);
      awaitErr("the folder could not be listed");
      Files.move(away, input);

      whileACommitIsHeldUp(lake, files, 3, () -> awaitAlive(Duration.ofSeconds(30)));

      Path filler = small.resolve("filler");
      fill(filler);
      files.arrive(3);
      awaitErr("restarted after");
      Files.delete(filler);

      files.arrive(files.left());
      awaitRowsOfBatch(lake);
      assertThat(stop()).as(err()).isZero();
      assertSameAsBatch(lake);
    } finally {
      process.destroyForcibly();
      assertThat(exec("umount", "-l", small.toString())).isZero();
    }
  }

  /** Neither another machine nor a page that is open in the user's browser. */
  private void assertThatNobodyIsAnswered() throws Exception {
    List<Integer> answers = new ArrayList<>();
    for (InetSocketAddress socket : loopbackSockets()) {
      answer(request(socket, "/overview").GET()).ifPresent(answers::add);
    }
    assertThat(answers).containsExactly(403);
  }

  private void assertThatItsUiIsForLookingOnly() throws Exception {
    int uis = 0;
    for (InetSocketAddress socket : loopbackSockets()) {
      if (answer(request(socket, "/jobs/overview").GET()).orElse(0) != 200) {
        continue;
      }
      uis++;
      assertThat(err()).contains("web UI: http://localhost:" + socket.getPort());
      assertThat(answer(request(socket, "/").GET())).hasValue(200);
      assertThat(answer(request(socket, "/overview").header("Origin", PAGE).GET())).hasValue(403);
      for (String path : List.of("/jars/upload", "/jobs")) {
        assertThat(
                answer(
                    request(socket, path)
                        .header("Content-Type", "multipart/form-data; boundary=b")
                        .POST(
                            BodyPublishers.ofString(
                                "--b\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\"a.jar\"\r\n\r\nPK\r\n--b--\r\n"))))
            .as(path)
            .hasValue(403);
      }
    }
    assertThat(uis).isEqualTo(1);
  }

  private List<InetSocketAddress> loopbackSockets() throws IOException {
    List<InetSocketAddress> sockets = ListeningSockets.of(process);
    assertThat(sockets).isNotEmpty().allMatch(socket -> socket.getAddress().isLoopbackAddress());
    return sockets;
  }

  private static HttpRequest.Builder request(InetSocketAddress socket, String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + socket.getPort() + path))
        .timeout(Duration.ofSeconds(10));
  }

  /** The status; empty if what listens there does not speak HTTP. */
  private static Optional<Integer> answer(HttpRequest.Builder request) throws InterruptedException {
    try {
      return Optional.of(
          HttpClient.newHttpClient()
              .send(request.build(), HttpResponse.BodyHandlers.discarding())
              .statusCode());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The tables are a little apart at any time, and it looks at them as of one moment. */
  private void assertThatACheckBesideItIsClean(TestLake lake, ArrivingFiles files)
      throws Exception {
    Stedi other = new Stedi(Files.createDirectories(folder.resolve("check")));
    Process check = other.start("check", "--lake=" + lake.folder(), "--input=" + input);
    Awaitility.await("the check")
        .atMost(DEADLINE)
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> {
              assertThat(process.isAlive()).as(err()).isTrue();
              if (files.left() > 4) {
                files.arrive(1);
              }
              return !check.isAlive();
            });
    assertThat(check.exitValue()).as(other.lastOut() + other.lastErr()).isZero();
  }

  private void awaitAlive(Duration duration) {
    Awaitility.await("a run that lives on")
        .during(duration)
        .atMost(duration.plus(DEADLINE))
        .until(process::isAlive);
  }

  private static void fill(Path filler) throws IOException {
    try (OutputStream out = Files.newOutputStream(filler)) {
      byte[] block = new byte[1 << 12];
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  private static int exec(String... command) throws Exception {
    return new ProcessBuilder(command).start().waitFor();
  }

  private void killBetweenCheckpointAndCommit(TestLake lake, ArrivingFiles files) throws Exception {
    assertThat(files.left()).as("files that are still to come").isGreaterThan(9);
    whileACommitIsHeldUp(lake, files, 9, this::kill);
  }

  private interface Action {
    void happen() throws Exception;
  }

  /**
   * The sink commits when a checkpoint is complete, and waits with that while somebody else writes
   * to the catalog.
   */
  private void whileACommitIsHeldUp(TestLake lake, ArrivingFiles files, int arriving, Action action)
      throws Exception {
    try (Connection catalog =
            DriverManager.getConnection("jdbc:sqlite:" + lake.folder().resolve("catalog.db"));
        Statement statement = catalog.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      Map<String, Long> before = snapshots(lake);
      files.arrive(arriving);
      awaitCommitting();
      action.happen();
      assertThat(snapshots(lake)).isEqualTo(before);
    }
  }

  private void awaitCommitting() {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Awaitility.await("a commit under way")
        .atMost(DEADLINE)
        .until(
            () -> {
              assertThat(process.isAlive()).as(err()).isTrue();
              Process dump =
                  new ProcessBuilder(jcmd.toString(), String.valueOf(process.pid()), "Thread.print")
                      .redirectErrorStream(true)
                      .start();
              String threads =
                  new String(dump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
              return threads.contains("IcebergCommitter.commit");
            });
  }

  private static Map<String, Long> snapshots(TestLake lake) throws IOException {
    return lake.counts().keySet().stream()
        .map(lake::table)
        .filter(table -> table.currentSnapshot() != null)
        .collect(Collectors.toMap(Table::name, table -> table.currentSnapshot().snapshotId()));
  }

  private void start(TestLake lake) throws IOException {
    process = stedi.start(arguments(lake).toArray(String[]::new));
  }

  private Stedi.Result second(TestLake lake) throws Exception {
    Stedi other = new Stedi(Files.createDirectories(folder.resolve("second")));
    Stedi.Result result = other.run(arguments(lake).toArray(String[]::new));
    assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
    return result;
  }

  private List<String> arguments(TestLake lake, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                "--mode=streaming",
                "--input=" + input,
                "--lake=" + lake.folder(),
                "-Dstreaming.checkpoint-interval=500ms",
                "-Dstreaming.monitor-interval=200ms",
                "-Dstreaming.settle-time=200ms",
                "-Dmaintenance.interval=1s",
                "-Dmaintenance.min-input-files=2",
                "-Dmaintenance.delete-file-threshold=1",
                "-Dmaintenance.keep-commits=3",
                "-Dmaintenance.keep-time=" + keepTime,
                "-Dflink.metrics.reporter.progress.interval=1s"));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private void kill() throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  private int stop() throws InterruptedException {
    process.destroy();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it stops").isTrue();
    return process.exitValue();
  }

  private String err() throws IOException {
    return stedi.lastErr();
  }

  private void awaitErr(String... parts) {
    Awaitility.await(String.join(", ", parts))
        .atMost(DEADLINE)
        .until(
            () -> {
              assertThat(process.isAlive() || err().contains(parts[0])).as(err()).isTrue();
              return Stream.of(parts).allMatch(stedi.lastErr()::contains);
            });
  }

  private void awaitCommit(TestLake lake, String table) {
    Awaitility.await("rows in " + table)
        .atMost(DEADLINE)
        .until(
            () -> {
              assertThat(process.isAlive()).as(err()).isTrue();
              return lake.lake().table(table).filter(t -> t.currentSnapshot() != null).isPresent();
            });
  }

  private void awaitRowsOfBatch(TestLake lake) throws IOException {
    Map<String, Long> expected;
    try (TestLake batch = batch()) {
      expected = batch.counts();
    }
    Awaitility.await("the rows of a batch run (seed %d)".formatted(seed))
        .atMost(DEADLINE)
        .until(
            () -> {
              assertThat(process.isAlive()).as(err()).isTrue();
              return lake.counts().equals(expected);
            });
  }

  /** The files do not change any more, so neither does what a batch run makes of them. */
  private TestLake batch() throws IOException {
    Path place = folder.resolve("batch");
    boolean made = Files.exists(place);
    TestLake batch = TestLake.in(place);
    if (!made) {
      batch.run(RunMode.BATCH, input);
    }
    return batch;
  }

  private void assertSameAsBatch(TestLake lake) throws IOException {
    try (TestLake batch = batch()) {
      for (String table : batch.counts().keySet()) {
        assertThat(new LakeRows(lake).all(table))
            .as("%s (seed %d)", table, seed)
            .isEqualTo(new LakeRows(batch).all(table));
      }
    }
  }
}
