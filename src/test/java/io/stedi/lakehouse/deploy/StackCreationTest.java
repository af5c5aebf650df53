package io.stedi.lakehouse.deploy;

import static io.stedi.lakehouse.deploy.AwsHttp.texts;
import static io.stedi.lakehouse.deploy.StackTemplate.at;
import static io.stedi.lakehouse.deploy.StackTemplate.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stedi.lakehouse.testing.MotoServer;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/**
 * The stack, created on an imitation of AWS with everything optional in it. What moto's
 * CloudFormation does not know is created by the service's own calls, from the same properties.
 */
class StackCreationTest {

  /**
   * The types that moto's CloudFormation (5.2) passes over with a warning. An application's log is
   * the only one that its service's own calls cannot add either; it is named at the creation.
   */
  private static final Set<String> UNKNOWN_TO_MOTO =
      Set.of(
          "AWS::Athena::NamedQuery",
          "AWS::Athena::WorkGroup",
          "AWS::CloudWatch::Alarm",
          "AWS::Glue::Database",
          "AWS::KinesisAnalyticsV2::Application",
          "AWS::KinesisAnalyticsV2::ApplicationCloudWatchLoggingOption",
          "AWS::Logs::LogStream",
          "AWS::S3::BucketPolicy",
          "AWS::SNS::Subscription",
          "AWS::SecretsManager::Secret");

  private static final String STACK = "stedi";
  private static final Duration DEADLINE = Duration.ofMinutes(1);
  private static final String CLOUD_FORMATION = "2010-05-15";
  private static final String EC2 = "2016-11-15";
  private static final String IAM = "2010-05-08";
  private static final String SNS = "2010-03-31";

  private static MotoServer moto;
  private static AwsHttp aws;
  private static String key;
  private static StackTemplate template;
  private static final Map<String, String> OUTPUTS = new HashMap<>();

  @BeforeAll
  static void createTheStack() throws IOException, InterruptedException {
    moto = MotoServer.start();
    aws = new AwsHttp(moto.endpoint());
    key = aws.json("kms", "TrentService.CreateKey", Map.of()).at("/KeyMetadata/Arn").asText();
    Map<String, String> parameters =
        Map.ofEntries(
            Map.entry("JarKey", "jars/stedi-lakehouse.jar"),
            Map.entry("JarObjectVersion", "v1"),
            Map.entry("KmsKeyArn", key),
            Map.entry("AlarmEmail", "team@example.com"),
            Map.entry("AnalystPrincipalArn", "arn:aws:iam::123456789012:root"),
            Map.entry("OidcIssuer", "oidc.eks.us-east-1.amazonaws.com/id/ABC"),
            Map.entry("VpcId", network("DescribeVpcs", "vpcId")),
            Map.entry("RouteTableIds", network("DescribeRouteTables", "routeTableId")),
            Map.entry("SubnetIds", network("DescribeSubnets", "subnetId")),
            Map.entry("SecurityGroupIds", network("DescribeSecurityGroups", "groupId")));
    StackTemplate asked = StackTemplate.load(parameters);
    Map<String, String> names =
        Map.of(
            "PseudonymKey", createSecret(asked.propertiesOf("PseudonymKey")),
            "Database", "stedi",
            "WorkGroup", "stedi-lakehouse",
            "Application", "stedi-lakehouse",
            "LogStream", "application");
    createStack(asked.without(UNKNOWN_TO_MOTO, names), parameters);
    template =
        asked
            .with(names)
            .with(createdResources())
            .with(
                Map.of(
                    "Bucket.Arn",
                    "arn:aws:s3:::" + OUTPUTS.get("BucketName"),
                    "FlinkRole.Arn",
                    OUTPUTS.get("FlinkRoleArn")));
    // Of a bucket's properties, moto's CloudFormation heeds the encryption.
    aws.put(
        bucket("?versioning"),
        "<VersioningConfiguration><Status>%s</Status></VersioningConfiguration>"
            .formatted(at(template.propertiesOf("Bucket"), "VersioningConfiguration", "Status")));
    for (Map.Entry<String, Object> resource : template.resources().entrySet()) {
      createUnknown(
          resource.getKey(),
          (String) at(resource.getValue(), "Type"),
          map(at(resource.getValue(), "Properties")));
    }
  }

  @AfterAll
  static void stop() {
    if (moto != null) {
      moto.close();
    }
  }

  @Test
  void theStackIsCompleteWithEveryResourceThatMotoKnows() throws IOException, InterruptedException {
    Set<String> expected = new TreeSet<>();
    template
        .resources()
        .forEach(
            (name, resource) -> {
              if (!UNKNOWN_TO_MOTO.contains((String) at(resource, "Type"))) {
                expected.add(name);
              }
            });
    Element resources = stack("DescribeStackResources");
    assertThat(new TreeSet<>(texts(resources, "LogicalResourceId"))).isEqualTo(expected);
    assertThat(texts(resources, "ResourceStatus")).containsOnly("CREATE_COMPLETE");
    assertThat(OUTPUTS)
        .containsEntry("DatabaseName", "stedi")
        .containsEntry("WorkGroupName", "stedi-lakehouse")
        .containsEntry("ApplicationName", "stedi-lakehouse")
        .containsKeys("BucketName", "SecretArn", "FlinkRoleArn", "KubernetesRoleArn");
  }

  @Test
  void theDatabaseLiesInTheWarehouse() throws IOException, InterruptedException {
    JsonNode database = aws.json("glue", "AWSGlue.GetDatabase", Map.of("Name", "stedi"));
    assertThat(database.at("/Database/LocationUri").asText())
        .isEqualTo("s3://" + OUTPUTS.get("BucketName") + "/warehouse/stedi.db");
  }

  @Test
  void theSecretHas64LettersAndDigits() throws IOException, InterruptedException {
    JsonNode secret =
        aws.json(
            "secretsmanager",
            "secretsmanager.GetSecretValue",
            Map.of("SecretId", OUTPUTS.get("SecretArn")));
    assertThat(secret.at("/SecretString").asText()).matches("[A-Za-z0-9]{64}");
  }

  @Test
  void theRolesTrustWhomTheyAreFor() throws IOException, InterruptedException {
    assertThat(trust("FlinkRoleArn")).contains("kinesisanalytics.amazonaws.com", "123456789012");
    assertThat(trust("KubernetesRoleArn"))
        .contains("system:serviceaccount:stedi-prod:stedi-lakehouse");
    assertThat(trust("AnalystRoleArn")).contains("arn:aws:iam::123456789012:root");
    Element inline =
        aws.query(
            "iam", IAM, Map.of("Action", "ListRolePolicies", "RoleName", role("FlinkRoleArn")));
    assertThat(texts(inline, "member")).containsExactlyInAnyOrder("log", "vpc");
  }

  @Test
  void theAnalystsPolicyNamesTheBucketAndTheKey() throws IOException, InterruptedException {
    Element version =
        aws.query(
            "iam",
            IAM,
            Map.of(
                "Action", "GetPolicyVersion",
                "PolicyArn", OUTPUTS.get("AnalystPolicyArn"),
                "VersionId", "v1"));
    assertThat(decode(texts(version, "Document").get(0)))
        .contains("arn:aws:s3:::" + OUTPUTS.get("BucketName") + "/warehouse/*", key);
  }

  @Test
  void theApplicationKnowsItsSettings() throws IOException, InterruptedException {
    JsonNode application =
        aws.json(
                "kinesisanalytics",
                "KinesisAnalytics_20180523.DescribeApplication",
                Map.of("ApplicationName", "stedi-lakehouse"))
            .at("/ApplicationDetail");
    assertThat(application.at("/ServiceExecutionRole").asText())
        .isEqualTo(OUTPUTS.get("FlinkRoleArn"));
    assertThat(
            application
                .at("/ApplicationConfigurationDescription/EnvironmentPropertyDescriptions")
                .at("/PropertyGroupDescriptions/0/PropertyMap/input")
                .asText())
        .isEqualTo("s3://" + OUTPUTS.get("BucketName") + "/raw");
    assertThat(application.at("/CloudWatchLoggingOptionDescriptions/0/LogStreamARN").asText())
        .endsWith("log-group:/aws/kinesis-analytics/stedi-lakehouse:log-stream:application");
  }

  @Test
  void theQueriesAreInTheWorkgroup() throws IOException, InterruptedException {
    JsonNode ids =
        aws.json("athena", "AmazonAthena.ListNamedQueries", Map.of("WorkGroup", "stedi-lakehouse"));
    assertThat(ids.at("/NamedQueryIds"))
        .hasSameSizeAs(template.properties("AWS::Athena::NamedQuery").entrySet());
    JsonNode group =
        aws.json("athena", "AmazonAthena.GetWorkGroup", Map.of("WorkGroup", "stedi-lakehouse"));
    assertThat(group.at("/WorkGroup/Configuration/BytesScannedCutoffPerQuery").asLong())
        .isEqualTo(10L << 30);
  }

  @Test
  void theAlarmsTellTheTopic() throws IOException, InterruptedException {
    JsonNode alarms =
        aws.json("monitoring", "GraniteServiceVersion20100801.DescribeAlarms", Map.of())
            .at("/MetricAlarms");
    assertThat(alarms).hasSameSizeAs(template.properties("AWS::CloudWatch::Alarm").entrySet());
    assertThat(alarms)
        .allSatisfy(
            alarm ->
                assertThat(alarm.at("/AlarmActions/0").asText())
                    .isEqualTo(OUTPUTS.get("AlarmTopicArn")));
    Element subscriptions = aws.query("sns", SNS, Map.of("Action", "ListSubscriptions"));
    assertThat(texts(subscriptions, "Endpoint")).containsExactly("team@example.com");
  }

  private static void createStack(Map<String, Object> body, Map<String, String> parameters)
      throws IOException, InterruptedException {
    Map<String, String> call = new LinkedHashMap<>();
    call.put("Action", "CreateStack");
    call.put("StackName", STACK);
    call.put("TemplateBody", new ObjectMapper().writeValueAsString(body));
    call.put("Capabilities.member.1", "CAPABILITY_IAM");
    parameters.forEach(
        (name, value) -> {
          int member = (call.size() - 4) / 2 + 1;
          call.put("Parameters.member." + member + ".ParameterKey", name);
          call.put("Parameters.member." + member + ".ParameterValue", value);
        });
    aws.query("cloudformation", CLOUD_FORMATION, call);
    Element stack =
        await()
            .atMost(DEADLINE)
            .until(
                () -> stack("DescribeStacks"),
                answer -> !texts(answer, "StackStatus").get(0).endsWith("_IN_PROGRESS"));
    assertThat(texts(stack, "StackStatus")).containsExactly("CREATE_COMPLETE");
    List<String> keys = texts(stack, "OutputKey");
    for (int i = 0; i < keys.size(); i++) {
      OUTPUTS.put(keys.get(i), texts(stack, "OutputValue").get(i));
    }
  }

  /** Physical by logical names. */
  private static Map<String, String> createdResources() throws IOException, InterruptedException {
    Element resources = stack("DescribeStackResources");
    List<String> names = texts(resources, "LogicalResourceId");
    Map<String, String> created = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      created.put(names.get(i), texts(resources, "PhysicalResourceId").get(i));
    }
    return created;
  }

  private static String createSecret(Map<String, Object> properties)
      throws IOException, InterruptedException {
    JsonNode password =
        aws.json(
            "secretsmanager",
            "secretsmanager.GetRandomPassword",
            map(properties.get("GenerateSecretString")));
    return aws.json(
            "secretsmanager",
            "secretsmanager.CreateSecret",
            Map.of(
                "Name", "pseudonyms",
                "KmsKeyId", properties.get("KmsKeyId"),
                "SecretString", password.at("/RandomPassword").asText()))
        .at("/ARN")
        .asText();
  }

  /** By the calls that CloudFormation would make; nothing for what moto has created already. */
  private static void createUnknown(String name, String type, Map<String, Object> properties)
      throws IOException, InterruptedException {
    switch (type) {
      case "AWS::Glue::Database" -> aws.json("glue", "AWSGlue.CreateDatabase", properties);
      case "AWS::S3::BucketPolicy" ->
          aws.put(
              bucket("?policy"),
              new ObjectMapper().writeValueAsString(properties.get("PolicyDocument")));
      case "AWS::Logs::LogStream" ->
          aws.json(
              "logs",
              "Logs_20140328.CreateLogStream",
              Map.of(
                  "logGroupName", properties.get("LogGroupName"),
                  "logStreamName", properties.get("LogStreamName")));
      case "AWS::KinesisAnalyticsV2::Application" ->
          aws.json(
              "kinesisanalytics",
              "KinesisAnalytics_20180523.CreateApplication",
              with(
                  properties,
                  "CloudWatchLoggingOptions",
                  List.of(template.propertiesOf("ApplicationLog").get("CloudWatchLoggingOption"))));
      case "AWS::CloudWatch::Alarm" ->
          aws.json(
              "monitoring",
              "GraniteServiceVersion20100801.PutMetricAlarm",
              with(properties, "AlarmName", name));
      case "AWS::SNS::Subscription" ->
          aws.query(
              "sns",
              SNS,
              Map.of(
                  "Action", "Subscribe",
                  "TopicArn", (String) properties.get("TopicArn"),
                  "Protocol", (String) properties.get("Protocol"),
                  "Endpoint", (String) properties.get("Endpoint")));
      case "AWS::Athena::WorkGroup" ->
          aws.json(
              "athena",
              "AmazonAthena.CreateWorkGroup",
              with(properties, "Configuration", properties.get("WorkGroupConfiguration")));
      case "AWS::Athena::NamedQuery" ->
          aws.json("athena", "AmazonAthena.CreateNamedQuery", properties);
      default -> {}
    }
  }

  private static Map<String, Object> with(Map<String, Object> map, String key, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(map);
    more.put(key, value);
    return more;
  }

  private static String bucket(String part) {
    return "/" + OUTPUTS.get("BucketName") + part;
  }

  private static Element stack(String action) throws IOException, InterruptedException {
    return aws.query(
        "cloudformation", CLOUD_FORMATION, Map.of("Action", action, "StackName", STACK));
  }

  /** The first one of a kind in the account's default network. */
  private static String network(String action, String element)
      throws IOException, InterruptedException {
    return texts(aws.query("ec2", EC2, Map.of("Action", action)), element).get(0);
  }

  private static String trust(String output) throws IOException, InterruptedException {
    Element role = aws.query("iam", IAM, Map.of("Action", "GetRole", "RoleName", role(output)));
    return decode(texts(role, "AssumeRolePolicyDocument").get(0));
  }

  private static String decode(String document) {
    return URLDecoder.decode(document, StandardCharsets.UTF_8);
  }

  private static String role(String output) {
    String arn = OUTPUTS.get(output);
    return arn.substring(arn.lastIndexOf('/') + 1);
  }
}
