package io.stedi.lakehouse.deploy;

import static io.stedi.lakehouse.deploy.StackTemplate.at;
import static io.stedi.lakehouse.deploy.StackTemplate.list;
import static io.stedi.lakehouse.deploy.StackTemplate.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
          "WorkGroup", "stedi-lakehouse");

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
                  .containsEntry("WorkGroup", "stedi-lakehouse")
                  .containsEntry("Database", "stedi");
            });
    assertThat(named).isEqualTo(files).isNotEmpty();
  }

  @Test
  void theBucketIsVersionedPrivateAndOutlivesTheStack() throws IOException {
    Map<String, Object> bucket = template(Map.of()).propertiesOf("Bucket");
    assertThat(at(bucket, "VersioningConfiguration", "Status")).isEqualTo("Enabled");
    assertThat(map(bucket.get("PublicAccessBlockConfiguration")))
        .isEqualTo(
            Map.of(
                "BlockPublicAcls", true,
                "BlockPublicPolicy", true,
                "IgnorePublicAcls", true,
                "RestrictPublicBuckets", true));
    assertThat(list(at(bucket, "OwnershipControls", "Rules")))
        .containsExactly(Map.of("ObjectOwnership", "BucketOwnerEnforced"));
    for (String kept : List.of("Bucket", "Database", "PseudonymKey")) {
      assertThat(map(template(Map.of()).resources().get(kept)))
          .containsEntry("DeletionPolicy", "Retain")
          .containsEntry("UpdateReplacePolicy", "Retain");
    }
  }

  @Test
  void theBucketIsEncryptedByTheGivenKeyOrElseByS3() throws IOException {
    assertThat(encryption(Map.of())).isEqualTo(Map.of("SSEAlgorithm", "AES256"));
    assertThat(encryption(Map.of("KmsKeyArn", KEY)))
        .isEqualTo(Map.of("SSEAlgorithm", "aws:kms", "KMSMasterKeyID", KEY));
  }

  @Test
  void theBucketRefusesWhatComesWithoutTls() throws IOException {
    assertThat(
            list(
                at(template(Map.of()).propertiesOf("BucketPolicy"), "PolicyDocument", "Statement")))
        .contains(
            Map.of(
                "Sid", "TlsOnly",
                "Effect", "Deny",
                "Principal", "*",
                "Action", "s3:*",
                "Resource", List.of("arn:aws:s3:::stedi-bucket", "arn:aws:s3:::stedi-bucket/*"),
                "Condition", Map.of("Bool", Map.of("aws:SecureTransport", "false"))));
  }

  @Test
  void oldVersionsAndBrokenUploadsAreCleanedUp() throws IOException {
    List<Object> rules =
        list(at(template(Map.of()).propertiesOf("Bucket"), "LifecycleConfiguration", "Rules"));
    assertThat(rules)
        .allSatisfy(rule -> assertThat(map(rule)).containsEntry("Status", "Enabled"))
        .anySatisfy(
            rule ->
                assertThat(map(rule))
                    .containsKey("NoncurrentVersionExpiration")
                    .doesNotContainKey("Prefix"))
        .anySatisfy(
            rule ->
                assertThat(map(rule))
                    .containsKey("AbortIncompleteMultipartUpload")
                    .doesNotContainKey("Prefix"))
        // Current data is never expired, except for what Athena answered.
        .filteredOn(rule -> map(rule).containsKey("ExpirationInDays"))
        .allSatisfy(rule -> assertThat(map(rule)).containsEntry("Prefix", "athena-results/"));
  }

  @Test
  void theWorkgroupBoundsWhatAQueryScansAndWhereItWrites() throws IOException {
    Map<String, Object> configuration =
        map(template(Map.of()).propertiesOf("WorkGroup").get("WorkGroupConfiguration"));
    assertThat(configuration)
        .containsEntry("EnforceWorkGroupConfiguration", true)
        .containsEntry("PublishCloudWatchMetricsEnabled", true)
        .containsEntry("BytesScannedCutoffPerQuery", String.valueOf(10L << 30))
        .containsEntry("EngineVersion", Map.of("SelectedEngineVersion", "Athena engine version 3"));
    assertThat(map(configuration.get("ResultConfiguration")))
        .containsEntry("OutputLocation", "s3://stedi-bucket/athena-results/")
        .containsEntry("EncryptionConfiguration", Map.of("EncryptionOption", "SSE_S3"));
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
                    "input", "s3://stedi-bucket/raw",
                    "catalog.warehouse", "s3://stedi-bucket/warehouse",
                    "database", "stedi",
                    "pseudonym.secret-id", "arn:of-the-secret",
                    "aws.region", "us-east-1")));
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

  @Test
  void noRuleOfTheLinterIsSwitchedOff() throws IOException {
    assertThat(Files.readString(Path.of("conf", "aws", "stack.yaml"))).doesNotContain("cfn-lint");
  }

  private static Object encryption(Map<String, String> parameters) throws IOException {
    return at(
        list(at(
                template(parameters).propertiesOf("Bucket"),
                "BucketEncryption",
                "ServerSideEncryptionConfiguration"))
            .get(0),
        "ServerSideEncryptionByDefault");
  }

  private static StackTemplate template(Map<String, String> parameters) throws IOException {
    return StackTemplate.load(parameters).with(NAMES);
  }

  private static Path onPath(String command) {
    return Stream.of(
            System.getenv().getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator)))
        .map(directory -> Path.of(directory, command))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseGet(() -> abort("skipped: " + command + " is not on the PATH"));
  }
}
