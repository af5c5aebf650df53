package io.stedi.lakehouse.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stedi.lakehouse.deploy.StackTemplate;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.AwsLake;
import io.stedi.lakehouse.testing.FlinkCluster;
import io.stedi.lakehouse.testing.SharedLake;
import io.stedi.lakehouse.testing.StarterData;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs that are submitted with {@code flink run} to a JobManager and two TaskManagers, one after
 * the other.
 */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionClusterTest {

  private static final Path JAR = Path.of("target", "stedi-lakehouse.jar").toAbsolutePath();
  private static final Pattern SUBMITTED = Pattern.compile("with JobID ([0-9a-f]{32})");

  private static final Pattern SAVEPOINT = Pattern.compile("Path: (\\S+)");

  /** What a job is told by the environment of whoever submits it. */
  private static final Set<String> JOB_VARIABLES =
      Set.of("STEDI_WAREHOUSE", "STEDI_PSEUDONYM_SECRET");

  private Path folder;
  private AwsLake aws;
  private FlinkCluster cluster;

  /**
   * @param folder with the logs of a cluster that failed
   */
  @BeforeAll
  void start(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws Exception {
    this.folder = folder;
    aws = AwsLake.start();
    aws.upload(SharedLake.starter().raw(), "starter");
    aws.upload(SharedLake.sample().raw(), "sample");
    Map<String, String> environment = new HashMap<>(aws.environment());
    // A cluster is not told what its jobs are.
    environment.keySet().removeAll(JOB_VARIABLES);
    cluster =
        ClusterLake.onClusters(
                folder.resolve("flink"),
                aws.flinkConfiguration(),
                // Threads of AWS's client outlive a job, and keep its classes.
                Map.of(
                    "taskmanager.memory.jvm-metaspace.size", "768m",
                    "taskmanager.memory.process.size", "2400m",
                    "jobmanager.memory.jvm-metaspace.size", "512m",
                    "jobmanager.memory.process.size", "1900m"),
                environment)
            .startSession()
            .startTaskManagers(2)
            .awaitTaskManagers(2);
  }

  /** Slots that a test which failed holds are those of the next. */
  @AfterEach
  void cancelJobs() throws Exception {
    for (String job : cluster.unfinishedJobs()) {
      cluster.flink("cancel", job);
    }
  }

  @AfterAll
  void stop() {
    try (AwsLake lake = aws;
        FlinkCluster started = cluster) {}
  }

  @Test
  void bothModesGiveThePublishedCountsThoughATaskManagerIsKilled() throws Exception {
    FlinkCluster.Result batch = flinkRun(List.of(), run(RunMode.BATCH, "starter", "batch"));
    assertThat(batch.exitCode()).as(batch.output()).isZero();
    assertThat(aws.counts("batch")).isEqualTo(StarterData.PUBLISHED);

    String job = detached(List.of(), run(RunMode.STREAMING, "starter", "streaming"));
    cluster.awaitCheckpoints(job, 1);
    cluster.killTaskManager();
    // While the job waits for another, too, the lake is its own.
    FlinkCluster.Result second =
        flinkRun(List.of("--detached"), run(RunMode.BATCH, "starter", "streaming"));
    assertThat(second.exitCode()).as(second.output()).isNotZero();
    assertThat(second.output()).contains("Another run is writing to the lake streaming");
    cluster.startTaskManagers(1);
    assertThat(cluster.awaitJob(job)).isEqualTo("FINISHED");
    assertThat(cluster.restarts(job)).isPositive();
    assertThat(aws.counts("streaming")).isEqualTo(StarterData.PUBLISHED);
  }

  /**
   * The way of an upgrade: stopped with a savepoint, and started from it with another parallelism.
   */
  @Test
  void aStreamingJobGoesOnFromASavepoint() throws Exception {
    String database = "resumed";
    Path raw = SharedLake.sample().raw();
    Map<String, Long> all = SharedLake.sample().counts();
    for (String kind : List.of("customer", "accelerometer")) {
      aws.upload(raw.resolve(kind), "arriving/" + kind);
    }
    // It does not end by itself: a job that is about to may not be stopped any more.
    List<String> arguments = new ArrayList<>(run(RunMode.STREAMING, "arriving", database));
    assertThat(arguments.remove("streaming.bounded=true")).isTrue();
    arguments.add("streaming.bounded=false");
    String job = detached(List.of("--parallelism", "2"), arguments);
    await(
        database,
        counts -> counts.get("accelerometer_landing").equals(all.get("accelerometer_landing")));
    String savepoint = stop(job);
    assertThat(aws.counts(database)).as("stopped on the way").isNotEqualTo(all);
    aws.upload(raw.resolve("step_trainer"), "arriving/step_trainer");

    FlinkCluster.Result without = flinkRun(List.of("--detached"), arguments);
    assertThat(without.exitCode()).as(without.output()).isNotZero();
    assertThat(without.output()).contains("holds rows already");
    String next = detached(List.of("--fromSavepoint", savepoint), arguments);
    await(database, all::equals);
    stop(next);
    assertThat(cluster.awaitJob(next)).isEqualTo("FINISHED");
    assertThat(aws.counts(database)).isEqualTo(all);
  }

  /** Stops a job with a savepoint, and tells where it is. */
  private String stop(String job) throws Exception {
    FlinkCluster.Result stopped =
        cluster.flink("stop", "--savepointPath", AwsLake.uri("savepoints"), job);
    assertThat(stopped.exitCode()).as(stopped.output()).isZero();
    Matcher savepoint = SAVEPOINT.matcher(stopped.output());
    assertThat(savepoint.find()).as(stopped.output()).isTrue();
    return savepoint.group(1);
  }

  private void await(String database, Predicate<Map<String, Long>> counts) {
    Awaitility.await("the rows of the tables")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> aws.counts(database), counts);
  }

  /** As the managed service starts it: no arguments, and the stack's property groups in a file. */
  @Test
  void aManagedApplicationTakesItsPropertyGroups() throws Exception {
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
    Map<String, String> environment = aws.environment();
    JsonNode properties =
        new ObjectMapper()
            .readTree(
                StackTemplate.propertyGroups(
                        Map.of(
                            "Bucket", AwsLake.BUCKET,
                            "Database", AwsLake.DATABASE,
                            "PseudonymKey", environment.get("STEDI_PSEUDONYM_SECRET")))
                    .replace(StackTemplate.REGION, environment.get("AWS_REGION")));
    // The application waits for more; this one is to end.
    ObjectNode group = (ObjectNode) properties.at("/0/PropertyMap");
    assertThat(group.path("input").asText()).isEqualTo(AwsLake.uri("raw"));
    group.put("input", AwsLake.uri("sample"));
    group.put("streaming.bounded", "true");
    Files.writeString(groups, properties.toString());
    FlinkCluster.Result run = cluster.flink("run", "--detached", jar.toString());
    assertThat(run.exitCode()).as(run.output()).isZero();
    assertThat(cluster.awaitJob(submitted(run))).isEqualTo("FINISHED");
    assertThat(aws.counts(AwsLake.DATABASE)).isEqualTo(SharedLake.sample().counts());
  }

  private static List<String> run(RunMode mode, String input, String database) {
    return List.of(
        "run",
        "--conf=aws",
        "--input=" + AwsLake.uri(input),
        "--mode=" + mode.name().toLowerCase(Locale.ROOT),
        "-D",
        "database=" + database,
        "-D",
        "streaming.bounded=true");
  }

  /** Submits a job and leaves it. */
  private String detached(List<String> options, List<String> arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("--detached"));
    all.addAll(options);
    return submitted(flinkRun(all, arguments));
  }

  /** The id of the job that was submitted. */
  private static String submitted(FlinkCluster.Result run) {
    assertThat(run.exitCode()).as(run.output()).isZero();
    Matcher id = SUBMITTED.matcher(run.output());
    assertThat(id.find()).as(run.output()).isTrue();
    return id.group(1);
  }

  private FlinkCluster.Result flinkRun(List<String> options, List<String> arguments)
      throws Exception {
    List<String> all = new ArrayList<>(List.of("run"));
    all.addAll(options);
    all.add(JAR.toString());
    all.addAll(arguments);
    Map<String, String> variables = new HashMap<>(aws.environment());
    variables.keySet().retainAll(JOB_VARIABLES);
    return cluster.flink(variables, all.toArray(String[]::new));
  }
}
