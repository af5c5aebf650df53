package io.stedi.lakehouse.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stedi.lakehouse.deploy.StackTemplate;
import io.stedi.lakehouse.files.Location;
import io.stedi.lakehouse.files.Output;
import io.stedi.lakehouse.files.RawInput;
import io.stedi.lakehouse.generate.SampleData;
import io.stedi.lakehouse.generate.SampleOptions;
import io.stedi.lakehouse.pipeline.RunMode;
import io.stedi.lakehouse.records.FileKinds;
import io.stedi.lakehouse.testing.AwsLake;
import io.stedi.lakehouse.testing.FlinkCluster;
import io.stedi.lakehouse.testing.StarterData;
import io.stedi.lakehouse.testing.TestLake;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs that are submitted with {@code flink run} to a JobManager and two TaskManagers. */
class SessionClusterTest {

  private static final Path JAR = Path.of("target", "stedi-lakehouse.jar").toAbsolutePath();
  private static final Pattern SUBMITTED = Pattern.compile("with JobID ([0-9a-f]{32})");

  private static final Pattern SAVEPOINT = Pattern.compile("Path: (\\S+)");

  /** More than a TaskManager's memory for classes would hold if jobs left theirs behind. */
  private static final int JOBS = 6;

  /** With the logs of a cluster that failed. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  @ParameterizedTest
  @EnumSource
  void bothModesGiveThePublishedCountsThoughATaskManagerIsKilled(ClusterLake.Kind kind)
      throws Exception {
    try (RawInput raw =
            RawInput.open(
                StarterData.zip().toString(), FileKinds.BY_MENTION, folder.resolve("staging"));
        ClusterLake lake = kind.open(folder, Path.of(raw.root()));
        FlinkCluster cluster = cluster(lake)) {
      FlinkCluster.Result batch = flinkRun(cluster, List.of(), lake.run(RunMode.BATCH, "batch"));
      assertThat(batch.exitCode()).as(batch.output()).isZero();
      assertThat(lake.counts("batch")).isEqualTo(StarterData.PUBLISHED);

      String job = detached(cluster, List.of(), lake.run(RunMode.STREAMING, "streaming"));
      cluster.awaitCheckpoints(job, 1);
      cluster.killTaskManager(0);
      // While the job waits for another, too, the lake is its own.
      FlinkCluster.Result second =
          flinkRun(cluster, List.of("--detached"), lake.run(RunMode.BATCH, "streaming"));
      assertThat(second.exitCode()).as(second.output()).isNotZero();
      assertThat(second.output()).contains("Another run is writing to the lake streaming");
      cluster.startTaskManagers(1);
      assertThat(cluster.awaitJob(job)).isEqualTo("FINISHED");
      assertThat(cluster.restarts(job)).isPositive();
      assertThat(lake.counts("streaming")).isEqualTo(StarterData.PUBLISHED);
    }
  }

  /**
   * The way of an upgrade: stopped with a savepoint, and started from it with another parallelism.
   */
  @Test
  void aStreamingJobGoesOnFromASavepoint() throws Exception {
    try (RawInput raw =
            RawInput.open(
                StarterData.zip().toString(), FileKinds.BY_MENTION, folder.resolve("staging"));
        ClusterLake lake = ClusterLake.Kind.SHARED_FOLDER.open(folder, Path.of(raw.root()));
        FlinkCluster cluster = cluster(lake)) {
      // It does not end by itself: a job that is about to may not be stopped any more.
      List<String> arguments = new ArrayList<>(lake.run(RunMode.STREAMING, AwsLake.DATABASE));
      assertThat(arguments.remove("streaming.bounded=true")).isTrue();
      arguments.add("streaming.bounded=false");
      Path steps = Path.of(raw.root()).resolve("step_trainer");
      Path elsewhere = folder.resolve("step_trainer");
      Files.move(steps, elsewhere);
      String job = detached(cluster, List.of("--parallelism", "2"), arguments);
      await(
          lake,
          counts ->
              counts
                  .get("accelerometer_landing")
                  .equals(StarterData.PUBLISHED.get("accelerometer_landing")));
      String savepoint = stop(cluster, job);
      assertThat(lake.counts(AwsLake.DATABASE))
          .as("stopped on the way")
          .isNotEqualTo(StarterData.PUBLISHED);
      Files.move(elsewhere, steps);

      FlinkCluster.Result without = flinkRun(cluster, List.of("--detached"), arguments);
      assertThat(without.exitCode()).as(without.output()).isNotZero();
      assertThat(without.output()).contains("holds rows already");
      String next = detached(cluster, List.of("--fromSavepoint", savepoint), arguments);
      await(lake, StarterData.PUBLISHED::equals);
      stop(cluster, next);
      assertThat(cluster.awaitJob(next)).isEqualTo("FINISHED");
      assertThat(lake.counts(AwsLake.DATABASE)).isEqualTo(StarterData.PUBLISHED);
    }
  }

  /** Stops a job with a savepoint, and tells where it is. */
  private String stop(FlinkCluster cluster, String job) throws Exception {
    FlinkCluster.Result stopped =
        cluster.flink(
            "stop", "--savepointPath", folder.resolve("savepoints").toUri().toString(), job);
    assertThat(stopped.exitCode()).as(stopped.output()).isZero();
    Matcher savepoint = SAVEPOINT.matcher(stopped.output());
    assertThat(savepoint.find()).as(stopped.output()).isTrue();
    return savepoint.group(1);
  }

  private static void await(ClusterLake lake, Predicate<Map<String, Long>> counts) {
    Awaitility.await("the rows of the tables")
        .atMost(Duration.ofMinutes(2))
        .until(() -> lake.counts(AwsLake.DATABASE), counts);
  }

  /** As the managed service starts it: no arguments, and the stack's property groups in a file. */
  @Test
  void aManagedApplicationTakesItsPropertyGroups() throws Exception {
    Path raw = folder.resolve("raw");
    SampleData.write(new SampleOptions(30, 4, false), raw);
    Path groups = folder.resolve("application_properties.json");
    Path jar = folder.resolve("managed.jar");
    Files.copy(JAR, jar);
    // The service's place of the file is /etc/flink, where a test has no business.
    try (FileSystem inJar = FileSystems.newFileSystem(jar)) {
      Path config = inJar.getPath("config.properties");
      String text = Files.readString(config);
      assertThat(text).contains("application_properties_file");
      Files.writeString(
          config,
          text.replaceAll(
              "(?m)^(application_properties_file\\s*=\\s*).*$", "$1" + groups.toString()));
    }
    try (ClusterLake lake = ClusterLake.Kind.AWS.open(folder, raw);
        TestLake expected = TestLake.in(folder.resolve("expected"))) {
      Map<String, String> environment = new HashMap<>(lake.environment());
      JsonNode properties =
          new ObjectMapper()
              .readTree(
                  StackTemplate.propertyGroups(
                          Map.of(
                              "Bucket", AwsLake.BUCKET,
                              "Database", AwsLake.DATABASE,
                              "PseudonymKey", environment.remove("STEDI_PSEUDONYM_SECRET")))
                      .replace(StackTemplate.REGION, environment.get("AWS_REGION")));
      // The application waits for more; this one is to end.
      ((ObjectNode) properties.at("/0/PropertyMap")).put("streaming.bounded", "true");
      Files.writeString(groups, properties.toString());
      // What is left of them leads to moto.
      environment.remove("STEDI_WAREHOUSE");
      expected.run(RunMode.BATCH, raw);
      try (FlinkCluster cluster =
          start(lake.cluster(folder.resolve("flink"), Map.of(), environment))) {
        FlinkCluster.Result run = cluster.flink("run", "--detached", jar.toString());
        assertThat(run.exitCode()).as(run.output()).isZero();
        assertThat(cluster.awaitJob(submitted(run))).isEqualTo("FINISHED");
        assertThat(lake.counts(AwsLake.DATABASE)).isEqualTo(expected.counts());
      }
    }
  }

  @Test
  void aClusterTakesJobAfterJob() throws Exception {
    Path raw = folder.resolve("raw");
    SampleData.write(new SampleOptions(30, 4, false), raw);
    try (ClusterLake lake = ClusterLake.Kind.SHARED_FOLDER.open(folder, raw);
        FlinkCluster cluster = cluster(lake)) {
      Map<String, Long> first = null;
      for (int job = 1; job <= JOBS; job++) {
        FlinkCluster.Result run =
            flinkRun(cluster, List.of(), lake.run(RunMode.BATCH, AwsLake.DATABASE));
        assertThat(run.exitCode()).as("job %d: %s", job, run.output()).isZero();
        assertThat(run.output()).doesNotContain("NoClassDefFoundError");
        Map<String, Long> counts = new TreeMap<>(lake.counts(AwsLake.DATABASE));
        first = first == null ? counts : first;
        assertThat(counts).as("job %d", job).isEqualTo(first);
      }
      Path reduced = folder.resolve("reduced");
      List<String> prepare = new ArrayList<>(List.of("prepare"));
      prepare.addAll(lake.arguments());
      prepare.addAll(List.of("--output", reduced.toUri().toString()));
      FlinkCluster.Result prepared = flinkRun(cluster, List.of(), prepare);
      assertThat(prepared.exitCode()).as(prepared.output()).isZero();
      Path same = folder.resolve("same");
      try (TestLake expected = TestLake.in(folder.resolve("expected"));
          Output output = Output.begin(Location.of(same), false)) {
        expected.prepare(raw.toUri(), output.partial());
        output.publish();
      }
      assertThat(lines(reduced)).isNotEmpty().isEqualTo(lines(same));
      for (int i = 0; i < 2; i++) {
        assertThat(cluster.taskManagerLog(i))
            .doesNotContain("OutOfMemoryError", "No suitable driver");
      }
      assertThat(cluster.jobManagerLog()).doesNotContain("OutOfMemoryError", "No suitable driver");
    }
  }

  /** The lines of all raw files in a folder, sorted. */
  private static List<String> lines(Path folder) throws Exception {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(name -> name.toString().contains("/landing/")).toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    lines.sort(null);
    return lines;
  }

  private FlinkCluster cluster(ClusterLake lake) throws Exception {
    return start(lake.cluster(folder.resolve("flink"), Map.of(), lake.environment()));
  }

  private static FlinkCluster start(FlinkCluster cluster) throws Exception {
    return cluster.startSession().startTaskManagers(2).awaitTaskManagers(2);
  }

  /** Submits a job and leaves it. */
  private static String detached(FlinkCluster cluster, List<String> options, List<String> arguments)
      throws Exception {
    List<String> all = new ArrayList<>(List.of("--detached"));
    all.addAll(options);
    return submitted(flinkRun(cluster, all, arguments));
  }

  /** The id of the job that was submitted. */
  private static String submitted(FlinkCluster.Result run) {
    assertThat(run.exitCode()).as(run.output()).isZero();
    Matcher id = SUBMITTED.matcher(run.output());
    assertThat(id.find()).as(run.output()).isTrue();
    return id.group(1);
  }

  private static FlinkCluster.Result flinkRun(
      FlinkCluster cluster, List<String> options, List<String> arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("run"));
    all.addAll(options);
    all.add(JAR.toString());
    all.addAll(arguments);
    return cluster.flink(all.toArray(String[]::new));
  }
}
