package io.stedi.lakehouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.stedi.lakehouse.config.Setting;
import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.function.PseudonymKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.kubernetes.operator.api.FlinkDeployment;
import org.apache.flink.kubernetes.operator.api.spec.FlinkDeploymentSpec;
import org.apache.flink.kubernetes.operator.api.spec.JobSpec;
import org.apache.flink.metrics.prometheus.PrometheusReporterFactory;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is deployed is this program, on this version of Flink, and within what it is allowed. */
class DeploymentTest {

  /** No class on the test's class path knows the keys that begin so. */
  private static final List<String> FREE_PREFIXES =
      List.of(
          "kubernetes.operator.",
          "kubernetes.taskmanager.service-account",
          "metrics.reporter.prom.");

  private static final Pattern BUCKET = Pattern.compile("s3://([a-z0-9.-]+)/.+");

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod"})
  void whatTheOperatorSaysTheProgramLeavesToTheCluster(String overlay) {
    JobSpec job = spec(overlay).getJob();
    Map<String, String> overrides =
        arguments(job, "-D").stream()
            .map(setting -> setting.split("=", 2))
            .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    Settings settings =
        Settings.onCluster(
            "aws", overrides, Map.of("STEDI_WAREHOUSE", "s3://bucket/w", "AWS_REGION", "region"));
    assertThat(settings.parallelism()).isEmpty();
    assertThat(job.getParallelism()).isPositive();
    assertThat(settings.duration(Setting.CHECKPOINT_INTERVAL)).isEmpty();
    assertThat(configuration(overlay).contains(CheckpointingOptions.CHECKPOINTING_INTERVAL))
        .as("streaming commits with checkpoints")
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod"})
  void everyOptionIsOneOfThisFlinkWithAValueOfItsType(String overlay) throws Exception {
    Map<String, ConfigOption<?>> known = flinkOptions();
    Configuration configuration = configuration(overlay);
    List<String> keys =
        configuration.keySet().stream()
            .filter(key -> FREE_PREFIXES.stream().noneMatch(key::startsWith))
            .toList();
    assertThat(known).hasSizeGreaterThan(300).containsKeys(keys.toArray(String[]::new));
    assertThat(keys)
        .isNotEmpty()
        .allSatisfy(
            key ->
                assertThatCode(() -> configuration.get(known.get(key)))
                    .as(key)
                    .doesNotThrowAnyException());
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "prod-batch", "prod-maintain"})
  void anOverlayLeavesNoPlaceholder(String overlay) {
    String environment = overlay.replaceFirst("-.*", "");
    assertThat(manifests(overlay))
        .allSatisfy(
            manifest -> assertThat(manifest.toString()).doesNotContain("PLACEHOLDER", "0000000"));
    assertThat(all(overlay, ServiceAccount.class))
        .isNotEmpty()
        .allSatisfy(
            account ->
                assertThat(account.getMetadata().getAnnotations())
                    .hasEntrySatisfying(
                        "eks.amazonaws.com/role-arn",
                        role ->
                            assertThat(role)
                                .matches("arn:aws:iam::[0-9]{12}:role/[a-z-]+-" + environment)));
    assertThat(manifests(overlay))
        .allSatisfy(
            manifest ->
                assertThat(manifest.at("/metadata/namespace").asText())
                    .isEqualTo("stedi-" + environment));
  }

  /** By its name: pods read it by their role, and it is in no variable of theirs. */
  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod"})
  void theKeyIsNamedAndNotGiven(String overlay) {
    assertThat(variable(overlay, "STEDI_PSEUDONYM_SECRET").getValue())
        .isEqualTo("stedi-lakehouse-pseudonyms-" + overlay);
    assertThat(flinkContainer(overlay).getEnv())
        .extracting(EnvVar::getName)
        .doesNotContain(PseudonymKey.VARIABLE);
    assertThat(manifests(overlay).toString()).doesNotContain("secretKeyRef");
  }

  /** Who is in a TaskManager could otherwise start a pod as anybody of the namespace. */
  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod"})
  void onlyTheJobManagerMayStartPods(String overlay) {
    String taskManager =
        configuration(overlay).toMap().get("kubernetes.taskmanager.service-account");
    assertThat(taskManager).isNotEqualTo(spec(overlay).getServiceAccount());
    assertThat(all(overlay, ServiceAccount.class))
        .extracting(account -> account.getMetadata().getName())
        .containsExactlyInAnyOrder(taskManager, spec(overlay).getServiceAccount());
    Set<String> roles =
        all(overlay, RoleBinding.class).stream()
            .filter(
                binding ->
                    binding.getSubjects().stream()
                        .anyMatch(subject -> subject.getName().equals(taskManager)))
            .map(binding -> binding.getRoleRef().getName())
            .collect(Collectors.toSet());
    assertThat(all(overlay, Role.class))
        .filteredOn(role -> roles.contains(role.getMetadata().getName()))
        .singleElement()
        .satisfies(
            role ->
                assertThat(role.getRules())
                    .singleElement()
                    .satisfies(
                        rule -> {
                          assertThat(rule.getResources()).containsExactly("configmaps");
                          assertThat(rule.getVerbs()).containsExactly("get", "list", "watch");
                        }));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod"})
  void podsWriteToTheirVolumesAlone(String overlay) {
    Container flink = flinkContainer(overlay);
    assertThat(flink.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(flink.getVolumeMounts())
        .extracting(VolumeMount::getMountPath)
        .contains("/tmp", "/opt/flink/log", configuration(overlay).toMap().get("io.tmp.dirs"));
  }

  /** One of the two fills a lake; that they are the same program on the same data is the point. */
  @Test
  void theBatchRunIsTheProgramOfTheStreamingRunOnTheSameData() {
    PodSpec pod =
        only("prod-batch", CronJob.class)
            .getSpec()
            .getJobTemplate()
            .getSpec()
            .getTemplate()
            .getSpec();
    Container batch = pod.getContainers().get(0);
    JobSpec streaming = spec("prod").getJob();
    // A name of its own, so that deleting one does not take the other's.
    assertThat(pod.getServiceAccountName())
        .isEqualTo(only("prod-batch", ServiceAccount.class).getMetadata().getName())
        .isNotEqualTo(spec("prod").getServiceAccount());
    assertThat(only("prod-batch", ServiceAccount.class).getMetadata().getAnnotations())
        .isEqualTo(all("prod", ServiceAccount.class).get(0).getMetadata().getAnnotations());
    assertThat(batch.getImage()).isEqualTo(spec("prod").getImage());
    assertThat(batch.getArgs())
        .contains(streaming.getJarURI().replace("local://", ""))
        .containsSubsequence("run", "--target", "local")
        .contains(
            "-Drest.bind-address=localhost",
            "-D%s=none".formatted("stedi.rest-access"),
            "-Djobmanager.bind-host=localhost",
            "-Dtaskmanager.bind-host=localhost")
        .containsSubsequence("--mode", "batch");
    Map<String, EnvVar> variables =
        batch.getEnv().stream().collect(Collectors.toMap(EnvVar::getName, it -> it));
    assertThat(variables.get("STEDI_RAW").getValue())
        .isEqualTo(arguments(streaming, "--input").get(0));
    assertThat(variables.get("STEDI_WAREHOUSE")).isEqualTo(variable("prod", "STEDI_WAREHOUSE"));
    assertThat(variables.get("STEDI_PSEUDONYM_SECRET"))
        .isEqualTo(variable("prod", "STEDI_PSEUDONYM_SECRET"));
  }

  @Test
  void noFileHoldsASecret() {
    assertThat(Manifests.files())
        .isNotEmpty()
        .allSatisfy(
            file -> {
              JsonNode tree = Manifests.tree(file);
              assertThat(tree.path("kind").asText()).isNotEqualTo("Secret");
              tree.findParents("name").stream()
                  .filter(
                      node ->
                          node.path("name").asText().matches("(?i).*(key|secret|token|password).*"))
                  // The name of one.
                  .filter(node -> !node.path("name").asText().equals("STEDI_PSEUDONYM_SECRET"))
                  .forEach(node -> assertThat(node.has("value")).as(node.toString()).isFalse());
              assertThat(text(file))
                  .doesNotContainPattern("AKIA[A-Z0-9]{12}|BEGIN [A-Z ]*PRIVATE KEY")
                  .doesNotContainPattern("(?im)^ *[a-z0-9.]*(access|secret)[.-]key: ");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod"})
  void whatSelectsPodsSelectsThoseOfTheJob(String overlay) {
    // Flink labels its pods with the name of the cluster as app.
    Map<String, String> app =
        Map.of("app", only(overlay, FlinkDeployment.class).getMetadata().getName());
    NetworkPolicy policy = only(overlay, NetworkPolicy.class);
    assertThat(policy.getSpec().getPodSelector().getMatchLabels()).isEqualTo(app);
    assertThat(policy.getSpec().getIngress())
        .allSatisfy(rule -> assertThat(rule.getFrom()).isNotEmpty());
    assertThat(only(overlay, PodDisruptionBudget.class).getSpec().getSelector().getMatchLabels())
        .containsAllEntriesOf(app)
        .containsEntry("component", "jobmanager");
    PodMonitor monitor =
        (PodMonitor)
            Manifests.model(
                Manifests.tree(Manifests.ROOT.resolve("components/pod-monitor/pod-monitor.yaml")));
    assertThat(monitor.getSpec().getSelector().getMatchLabels()).isEqualTo(app);
    assertThat(monitor.getSpec().getPodMetricsEndpoints())
        .singleElement()
        .satisfies(
            endpoint ->
                assertThat(flinkContainer(overlay).getPorts())
                    .anySatisfy(port -> assertThat(port.getName()).isEqualTo(endpoint.getPort())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod"})
  void prometheusFindsTheReporter(String overlay) {
    Map<String, String> configuration = configuration(overlay).toMap();
    assertThat(configuration.get("metrics.reporter.prom.factory.class"))
        .isEqualTo(PrometheusReporterFactory.class.getName());
    String port = configuration.get("metrics.reporter.prom.port");
    assertThat(spec(overlay).getPodTemplate().getMetadata().getAnnotations())
        .containsEntry("prometheus.io/scrape", "true")
        .containsEntry("prometheus.io/port", port);
    assertThat(flinkContainer(overlay).getPorts())
        .singleElement()
        .satisfies(it -> assertThat(it.getContainerPort()).hasToString(port));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod"})
  void theImageRunsTheFlinkAndTheJavaThatTheProgramIsBuiltFor(String overlay) {
    String flink = pom("<flink.version>([^<]+)</flink.version>");
    String java = pom("<maven.compiler.release>([^<]+)</maven.compiler.release>");
    assertThat(dockerfile())
        .contains("ARG FLINK_VERSION=%s\n".formatted(flink))
        .contains("FROM flink:${FLINK_VERSION}-scala_2.12-java%s\n".formatted(java));
    // As written, for the model does not know it.
    // From v2_0 on the operator writes config.yaml, which is all that Flink 2 reads.
    String told = flinkDeployment(overlay).at("/spec/flinkVersion").asText();
    assertThat(told).matches("v2_[0-9]+");
    assertThat(Integer.parseInt(told.substring("v2_".length())))
        .isLessThanOrEqualTo(Integer.parseInt(flink.split("\\.")[1]));
    assertThat(flink).startsWith("2.");
  }

  /**
   * The options that the classes of this Flink declare, by key; without those that are given up.
   */
  private static Map<String, ConfigOption<?>> flinkOptions() throws Exception {
    Map<String, ConfigOption<?>> options = new TreeMap<>();
    for (Class<?> inJar : List.of(CheckpointingOptions.class, RocksDBOptions.class)) {
      URI place = inJar.getProtectionDomain().getCodeSource().getLocation().toURI();
      try (JarFile jar = new JarFile(Path.of(place).toFile())) {
        List<String> classes =
            jar.stream()
                .map(entry -> entry.getName())
                .filter(name -> name.matches("org/apache/flink/[a-z/]+/\\w+Options\\.class"))
                .map(name -> name.replace('/', '.').substring(0, name.length() - 6))
                .toList();
        for (String name : classes) {
          for (var field : Class.forName(name).getFields()) {
            if (Modifier.isStatic(field.getModifiers())
                && !field.isAnnotationPresent(Deprecated.class)
                && field.get(null) instanceof ConfigOption<?> option) {
              options.put(option.key(), option);
            }
          }
        }
      }
    }
    return options;
  }

  private static List<JsonNode> manifests(String overlay) {
    return Kustomization.build(Manifests.ROOT.resolve("overlays").resolve(overlay));
  }

  private static <T extends HasMetadata> List<T> all(String overlay, Class<T> kind) {
    return manifests(overlay).stream()
        .map(Manifests::model)
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  private static <T extends HasMetadata> T only(String overlay, Class<T> kind) {
    List<T> found = all(overlay, kind);
    assertThat(found).as(kind.getSimpleName()).hasSize(1);
    return found.get(0);
  }

  private static JsonNode flinkDeployment(String overlay) {
    return manifests(overlay).stream()
        .filter(manifest -> manifest.path("kind").asText().equals("FlinkDeployment"))
        .findFirst()
        .orElseThrow();
  }

  private static FlinkDeploymentSpec spec(String overlay) {
    return only(overlay, FlinkDeployment.class).getSpec();
  }

  private static Configuration configuration(String overlay) {
    return Configuration.fromMap(spec(overlay).getFlinkConfiguration());
  }

  private static Container flinkContainer(String overlay) {
    List<Container> containers = spec(overlay).getPodTemplate().getSpec().getContainers();
    assertThat(containers).hasSize(1);
    assertThat(containers.get(0).getName()).isEqualTo("flink-main-container");
    return containers.get(0);
  }

  private static EnvVar variable(String overlay, String name) {
    return flinkContainer(overlay).getEnv().stream()
        .filter(variable -> variable.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** What follows each occurrence of an option. */
  private static List<String> arguments(JobSpec job, String option) {
    List<String> arguments = List.of(job.getArgs());
    return Stream.iterate(0, i -> i < arguments.size() - 1, i -> i + 1)
        .filter(i -> arguments.get(i).equals(option))
        .map(i -> arguments.get(i + 1))
        .toList();
  }

  private static String bucket(String uri) {
    Matcher matcher = BUCKET.matcher(uri);
    assertThat(matcher.matches()).as(uri).isTrue();
    return matcher.group(1);
  }

  private static String pom(String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text(Path.of("pom.xml")));
    assertThat(matcher.find()).as(pattern).isTrue();
    return matcher.group(1);
  }

  private static String dockerfile() {
    return text(Manifests.ROOT.resolve("Dockerfile"));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
