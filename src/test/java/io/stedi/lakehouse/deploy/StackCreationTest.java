package io.stedi.lakehouse.deploy;

import static io.stedi.lakehouse.deploy.StackTemplate.at;
import static io.stedi.lakehouse.testing.AwsHttp.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.stedi.lakehouse.testing.AwsHttp;
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
 * The stack, created on an imitation of AWS with everything optional in it: that its conditions,
 * references and outputs hold together, and that the roles come out as they are meant.
 */
class StackCreationTest {

  /** The types that moto's CloudFormation (5.2) passes over with a warning. */
  private static final Set<String> UNKNOWN_TO_MOTO =
      Set.of(
          "AWS::Athena::NamedQuery",
          "AWS::Athena::WorkGroup",
          "AWS::CloudTrail::Trail",
          "AWS::SNS::TopicPolicy",
          "AWS::CloudWatch::Alarm",
          "AWS::Glue::Database",
          "AWS::KinesisAnalyticsV2::Application",
          "AWS::KinesisAnalyticsV2::ApplicationCloudWatchLoggingOption",
          "AWS::Logs::LogStream",
          "AWS::S3::BucketPolicy",
          "AWS::SNS::Subscription",
          "AWS::SecretsManager::ResourcePolicy",
          "AWS::SecretsManager::Secret");

  private static final String STACK = "stedi";
  private static final Duration DEADLINE = Duration.ofMinutes(1);
  private static final String CLOUD_FORMATION = "2010-05-15";
  private static final String EC2 = "2016-11-15";
  private static final String IAM = "2010-05-08";

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
            Map.entry("EngineerPrincipalArn", "arn:aws:iam::123456789012:root"),
            Map.entry("AnalystPrincipalArn", "arn:aws:iam::123456789012:root"),
            Map.entry("ScientistPrincipalArn", "arn:aws:iam::123456789012:root"),
            Map.entry("ProducerPrincipalArn", "arn:aws:iam::123456789012:root"),
            Map.entry("OidcIssuer", "oidc.eks.us-east-1.amazonaws.com/id/ABC"),
            Map.entry("VpcId", network("DescribeVpcs", "vpcId")),
            Map.entry("RouteTableIds", network("DescribeRouteTables", "routeTableId")),
            Map.entry("SubnetIds", network("DescribeSubnets", "subnetId")),
            Map.entry("SecurityGroupIds", network("DescribeSecurityGroups", "groupId")));
    template = StackTemplate.load(parameters);
    Map<String, String> names =
        Map.of(
            "PseudonymKey", "arn:aws:secretsmanager:us-east-1:123456789012:secret:pseudonyms",
            "Database", "stedi",
            "EngineerWorkGroup", "engineers",
            "AnalystWorkGroup", "analysts",
            "ScientistWorkGroup", "scientists",
            "Application", "stedi-lakehouse",
            "LogStream", "application");
    createStack(template.without(UNKNOWN_TO_MOTO, names), parameters);
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
        .containsEntry("EngineerWorkGroupName", "engineers")
        .containsEntry("ApplicationName", "stedi-lakehouse")
        .containsKeys("BucketName", "SecretArn", "FlinkRoleArn", "KubernetesRoleArn");
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
  void theAnalystsPolicyNamesTheBucketAndTheTable() throws IOException, InterruptedException {
    Element version =
        aws.query(
            "iam",
            IAM,
            Map.of(
                "Action", "GetPolicyVersion",
                "PolicyArn", OUTPUTS.get("AnalystPolicyArn"),
                "VersionId", "v1"));
    assertThat(decode(texts(version, "Document").get(0)))
        .contains(
            "arn:aws:s3:::" + OUTPUTS.get("BucketName") + "/warehouse/stedi.db/customer_trusted/*");
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
