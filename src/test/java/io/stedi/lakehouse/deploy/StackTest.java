package io.stedi.lakehouse.deploy;

import static io.stedi.lakehouse.deploy.StackTemplate.at;
import static io.stedi.lakehouse.deploy.StackTemplate.list;
import static io.stedi.lakehouse.deploy.StackTemplate.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.testing.Need;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the template says of the bucket, the application and the queries. */
class StackTest {

  private static final Map<String, String> NAMES =
      Map.of(
          "Bucket", "stedi-bucket",
          "Bucket.Arn", "arn:aws:s3:::stedi-bucket",
          "Database", "stedi",
          "EngineerWorkGroup", "stedi-lakehouse-engineers");

  private static final Map<String, String> WITH_JAR =
      Map.of("JarKey", "jars/stedi-lakehouse.jar", "JarObjectVersion", "v1");

  private static final String KEY = "arn:aws:kms:us-east-1:123456789012:key/1b2c3d4e";

  @TempDir private Path folder;

  @Test
  void everyQueryFileIsANamedQueryWithItsText() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.list(Path.of("jobs", "queries"))) {
      for (Path path : paths.filter(p -> p.toString().endsWith(".sql")).toList()) {
        files.put(
            path.getFileName().toString().replaceFirst("\\.sql$", ""), Files.readString(path));
      }
    }
    Map<String, String> named = new TreeMap<>();
    template(Map.of())
        .properties("AWS::Athena::NamedQuery")
        .values()
        .forEach(
            query -> {
              named.put((String) query.get("Name"), (String) query.get("QueryString"));
              assertThat(query)
                  .containsEntry("WorkGroup", "stedi-lakehouse-engineers")
                  .containsEntry("Database", "stedi");
            });
    assertThat(named).isEqualTo(files).isNotEmpty();
  }

  @Test
  void thereIsNoApplicationAndNoAlarmBeforeThereIsAJar() throws IOException {
    assertThat(template(Map.of()).resources())
        .doesNotContainKeys("Application", "ApplicationLog", "DowntimeAlarm");
    assertThat(template(Map.of()).properties("AWS::CloudWatch::Alarm")).isEmpty();
    assertThat(template(WITH_JAR).properties("AWS::CloudWatch::Alarm")).isNotEmpty();
  }

  @Test
  void theApplicationGetsItsSettingsInOneGroup() throws IOException {
    Map<String, Object> application =
        template(WITH_JAR)
            .with(Map.of("PseudonymKey", "arn:of-the-secret"))
            .propertiesOf("Application");
    assertThat(application).containsEntry("RuntimeEnvironment", "FLINK-2_3");
    assertThat(
            list(
                at(
                    application,
                    "ApplicationConfiguration",
                    "EnvironmentProperties",
                    "PropertyGroups")))
        .containsExactly(
            Map.of(
                "PropertyGroupId",
                "stedi",
                "PropertyMap",
                Map.of(
                    "conf", "aws",
                    "mode", "streaming",
                    "keep-plan", "false",
                    "input", "s3://stedi-bucket/raw",
                    "catalog.warehouse", "s3://stedi-bucket/warehouse",
                    "database", "stedi",
                    "pseudonym.secret-id", "arn:of-the-secret",
                    "catalog.client.region", "us-east-1")));
    assertThat(
            map(
                at(
                    application,
                    "ApplicationConfiguration",
                    "FlinkApplicationConfiguration",
                    "CheckpointConfiguration")))
        .containsEntry("ConfigurationType", "CUSTOM")
        .containsEntry("CheckpointingEnabled", true)
        .containsEntry("CheckpointInterval", "10000");
    assertThat(
            at(
                application,
                "ApplicationConfiguration",
                "ApplicationSnapshotConfiguration",
                "SnapshotsEnabled"))
        .isEqualTo(true);
    assertThat(
            at(
                application,
                "ApplicationConfiguration",
                "ApplicationSystemRollbackConfiguration",
                "RollbackEnabled"))
        .isEqualTo(true);
    assertThat(application).doesNotContainKey("RunConfiguration");
  }

  @Test
  void anApplicationThatBeginsAnewStartsWithoutASnapshot() throws IOException {
    Map<String, String> parameters = new TreeMap<>(WITH_JAR);
    parameters.put("Fresh", "2026-11-30");
    Map<String, Object> application =
        template(parameters)
            .with(Map.of("PseudonymKey", "arn:of-the-secret"))
            .propertiesOf("Application");
    assertThat(
            at(
                application,
                "RunConfiguration",
                "ApplicationRestoreConfiguration",
                "ApplicationRestoreType"))
        .isEqualTo("SKIP_RESTORE_FROM_SNAPSHOT");
    assertThat(application.toString()).contains("fresh=2026-11-30");
  }

  @Test
  void theLinterFindsNothing() throws IOException, InterruptedException {
    Path linter = onPath("cfn-lint");
    Path log = folder.resolve("cfn-lint.txt");
    Process process =
        new ProcessBuilder(linter.toString(), "conf/aws/stack.yaml")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("the linter ends").isTrue();
      assertThat(Files.readString(log)).isEmpty();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  /** CloudFormation takes no more of a template that is not in S3 yet, as at first it cannot be. */
  @Test
  void theTemplateIsSmallEnoughToBeSentAsItIs() throws IOException {
    assertThat(Files.size(Path.of("conf", "aws", "stack.yaml"))).isLessThanOrEqualTo(51_200);
  }

  @Test
  void noRuleOfTheLinterIsSwitchedOff() throws IOException {
    assertThat(Files.readString(Path.of("conf", "aws", "stack.yaml"))).doesNotContain("cfn-lint");
  }

  private static StackTemplate template(Map<String, String> parameters) throws IOException {
    return StackTemplate.load(parameters).with(NAMES);
  }

  private static Path onPath(String command) {
    Optional<Path> found =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator)))
            .map(directory -> Path.of(directory, command))
            .filter(Files::isExecutable)
            .findFirst();
    Need.that(found.isPresent(), command + " is not on the PATH");
    return found.orElseThrow();
  }
}
