package io.stedi.lakehouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stedi.lakehouse.testing.AwsLake;
import io.stedi.lakehouse.testing.DockerImage;
import io.stedi.lakehouse.testing.FlinkCluster;
import io.stedi.lakehouse.testing.SharedLake;
import io.stedi.lakehouse.testing.TestLake;
import io.stedi.lakehouse.testing.ZooKeeper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image and the manifests, as processes of this machine: the image's steps are done in a
 * folder, and the programs of its containers get the arguments, variables and configuration that
 * Kubernetes and the operator would give them. Where Kubernetes itself is asked, ZooKeeper answers,
 * and where AWS is, moto.
 */
@Tag("cluster")
class KubernetesClusterTest {

  private static final Pattern METRIC = Pattern.compile("(?m)^\\| `(flink_[A-Za-z_]+)`");
  private static final int METRICS = 9249;

  /** With the logs of a cluster that failed. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  private Path home;

  @BeforeEach
  void buildTheImage() throws Exception {
    home = Files.createDirectories(folder.resolve("opt/flink"));
    FlinkCluster.distribution(home);
    DockerImage.build(Manifests.ROOT.resolve("Dockerfile"), home);
  }

  @Test
  void theDeploymentFillsTheTablesAndShowsItsMetrics() throws Exception {
    JsonNode spec = only("dev", "FlinkDeployment").path("spec");
    try (AwsLake aws = lake();
        ZooKeeper zooKeeper = ZooKeeper.start(folder.resolve("zookeeper"))) {
      Map<String, String> configuration = new TreeMap<>();
      spec.path("flinkConfiguration")
          .properties()
          .forEach(entry -> configuration.put(entry.getKey(), entry.getValue().asText()));
      configuration.put("parallelism.default", spec.at("/job/parallelism").asText());
      configuration.put(
          "jobmanager.memory.process.size", spec.at("/jobManager/resource/memory").asText());
      configuration.put(
          "taskmanager.memory.process.size", spec.at("/taskManager/resource/memory").asText());
      // What is another here than in a cluster of many machines.
      configuration.putAll(zooKeeper.configuration());
      configuration.putAll(aws.flinkConfiguration());
      configuration.put("io.tmp.dirs", folder.resolve("tmp").toString());
      configuration.put("metrics.reporter.prom.port", METRICS + "-" + (METRICS + 20));
      configuration.put("execution.checkpointing.interval", "1s");
      configuration.put("execution.checkpointing.min-pause", "1s");
      Map<String, String> environment = new HashMap<>(aws.environment());
      environment.putAll(variables(spec.at("/podTemplate/spec/containers/0/env")));
      Set<String> seen = new TreeSet<>();
      try (FlinkCluster cluster = FlinkCluster.in(home, configuration, environment)) {
        List<String> arguments =
            new ArrayList<>(List.of("--job-classname", spec.at("/job/entryClass").asText()));
        spec.at("/job/args").forEach(argument -> arguments.add(argument.asText()));
        arguments.addAll(List.of("-D", "streaming.bounded=true"));
        cluster.startTaskManagers(1).startApplication(arguments);
        Awaitility.await("the end of the application")
            .atMost(Duration.ofMinutes(4))
            .until(
                () -> {
                  for (int port = METRICS; port <= METRICS + 20; port++) {
                    cluster
                        .metrics(port)
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .forEach(seen::add);
                  }
                  return !cluster.isRunning();
                });
        assertThat(cluster.awaitEnd()).as(cluster.jobManagerLog()).isZero();
      }
      assertThat(aws.counts(AwsLake.DATABASE)).isEqualTo(SharedLake.sample().counts());
      Set<String> names = new TreeSet<>();
      seen.forEach(line -> names.add(line.replaceFirst("[{ ].*", "")));
      List<String> documented =
          METRIC
              .matcher(Files.readString(Manifests.ROOT.resolve("README.md")))
              .results()
              .map(match -> match.group(1))
              .toList();
      assertThat(documented).hasSizeGreaterThan(8);
      assertThat(names).containsAll(documented);
      assertThat(seen)
          .as("rejects by reason")
          .anyMatch(
              line ->
                  line.matches(
                      "flink_taskmanager_job_task_operator_kinesisanalytics_kind_reason_rejects.*reason=\"malformed\".* [1-9].*"));
    }
  }

  @Test
  void theBatchRunFillsTheTablesAndMaintenanceLeavesTheirRows() throws Exception {
    try (AwsLake aws = lake()) {
      assertThat(logOf("prod-batch", aws)).contains("published snapshot");
      assertThat(aws.counts(AwsLake.DATABASE)).isEqualTo(SharedLake.sample().counts());
      assertThat(logOf("prod-maintain", aws)).contains("maintained: Result[table=customer_trusted");
      assertThat(aws.counts(AwsLake.DATABASE)).isEqualTo(SharedLake.sample().counts());
    }
  }

  /** What the pod of a CronJob says; it is one process, the client. */
  private String logOf(String overlay, AwsLake aws) throws Exception {
    JsonNode container =
        only(overlay, "CronJob").at("/spec/jobTemplate/spec/template/spec/containers/0");
    Map<String, String> environment = new HashMap<>(aws.environment());
    environment.putAll(variables(container.path("env")));
    List<String> arguments = new ArrayList<>();
    for (JsonNode argument : container.path("args")) {
      String text = argument.asText().replace("/opt/flink/scratch", folder.toString());
      text = text.replace("/opt/flink", home.toString());
      for (Map.Entry<String, String> variable : environment.entrySet()) {
        text = text.replace("$(" + variable.getKey() + ")", variable.getValue());
      }
      arguments.add(text);
    }
    assertThat(arguments.remove(0)).isEqualTo("flink");
    try (FlinkCluster cluster = FlinkCluster.in(home, aws.flinkConfiguration(), environment)) {
      FlinkCluster.Result run = cluster.flink(arguments.toArray(String[]::new));
      assertThat(run.exitCode()).as(run.output()).isZero();
      return run.output();
    }
  }

  private AwsLake lake() throws Exception {
    AwsLake aws = AwsLake.start();
    aws.upload(SharedLake.sample().raw(), "raw");
    return aws;
  }

  /** A manifest of an overlay, with the one bucket that is here. */
  private static JsonNode only(String overlay, String kind) throws Exception {
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode manifest : Kustomization.build(Manifests.ROOT.resolve("overlays/" + overlay))) {
      if (manifest.path("kind").asText().equals(kind)) {
        found.addAll(
            Manifests.trees(
                manifest
                    .toString()
                    .replaceAll("s3://stedi-lake-[a-z]+", "s3://" + AwsLake.BUCKET)));
      }
    }
    assertThat(found).as(kind).hasSize(1);
    return found.get(0);
  }

  /** The variables of a container; the secret is that of the tests. */
  private static Map<String, String> variables(JsonNode env) {
    Map<String, String> variables = new HashMap<>();
    env.forEach(
        variable ->
            variables.put(
                variable.path("name").asText(),
                variable.has("value") ? variable.path("value").asText() : TestLake.KEY));
    // Where moto is, and the secret that is there.
    variables.remove("AWS_REGION");
    variables.remove("STEDI_PSEUDONYM_SECRET");
    return variables;
  }
}
