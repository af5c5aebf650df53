package io.stedi.lakehouse.deploy;

import static io.stedi.lakehouse.deploy.StackTemplate.list;
import static io.stedi.lakehouse.deploy.StackTemplate.map;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what, read from every policy statement of the template. */
class StackPolicyTest {

  private static final String KEEPER = "arn:aws:iam::123456789012:role/keeper";

  private static final Map<String, String> EVERYTHING =
      Map.ofEntries(
          Map.entry("JarKey", "jars/stedi-lakehouse.jar"),
          Map.entry("JarObjectVersion", "v1"),
          Map.entry("KmsKeyArn", PolicyRules.KEY),
          Map.entry("KeyKeeperArn", KEEPER),
          Map.entry("AlarmEmail", "team@example.com"),
          Map.entry("AnalystPrincipalArn", "arn:aws:iam::123456789012:root"),
          Map.entry("OidcIssuer", "oidc.eks.us-east-1.amazonaws.com/id/ABC"),
          Map.entry("VpcId", "vpc-1"),
          Map.entry("RouteTableIds", "rtb-1"),
          Map.entry("SubnetIds", "subnet-1,subnet-2"),
          Map.entry("SecurityGroupIds", "sg-1"));

  private static final Map<String, String> NAMES =
      Map.of(
          "Bucket",
          "stedi-bucket",
          "Bucket.Arn",
          PolicyRules.BUCKET,
          "Database",
          "stedi",
          "PseudonymKey",
          PolicyRules.SECRET,
          "LogGroup.Arn",
          PolicyRules.LOG_GROUP,
          "WorkGroup",
          "stedi-lakehouse");

  @Test
  void everyStatementStaysWithinTheLakehouse() throws IOException {
    Map<String, Map<String, Object>> statements = statements(EVERYTHING);
    assertThat(statements).hasSizeGreaterThan(20);
    statements.forEach(
        (path, statement) ->
            assertThat(PolicyRules.violations(statement)).as("%s: %s", path, statement).isEmpty());
  }

  @Test
  void nothingThatIsOptionalIsNeededForThat() throws IOException {
    Map<String, Map<String, Object>> statements = statements(Map.of());
    assertThat(statements.toString())
        .doesNotContain("kms:", "ec2:", "sts:AssumeRoleWithWebIdentity");
    statements.forEach(
        (path, statement) ->
            assertThat(PolicyRules.violations(statement)).as("%s: %s", path, statement).isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'Action': 's3:*', 'Resource': 'arn:aws:s3:::stedi-bucket'} | wildcard in action s3:*",
        "{'Action': ['glue:Get?able'], 'Resource': '*'} | wildcard in action glue:Get?able",
        "{'Action': 's3:GetObject', 'Resource': '*'} | s3:GetObject on *",
        "{'Action': 's3:GetObject', 'Resource': ['arn:aws:s3:::stedi-bucket/*']} | s3:GetObject on",
        "{'Action': 's3:GetObject', 'Resource': 'arn:aws:s3:::stedi-bucket-2/raw/*'} | s3:GetObject on",
        "{'Action': 's3:GetObject'} | no resource",
        "{'NotAction': 's3:GetObject', 'Resource': '*'} | NotAction",
        "{'Action': 's3:GetObject', 'NotResource': 'arn:aws:s3:::x'} | NotResource",
        "{'Action': 'glue:GetTable', 'Resource': 'arn:aws:glue:us-east-1:123456789012:table/*'}"
            + " | glue:GetTable on",
        "{'Action': 'logs:PutLogEvents', 'Resource':"
            + " 'arn:aws:logs:us-east-1:123456789012:log-group:*'} | logs:PutLogEvents on",
        "{'Action': 'ec2:DescribeVpcs', 'Resource': '*'} | ec2:DescribeVpcs on *",
        "{'Action': 'ec2:RunInstances', 'Resource': '*', 'Condition': {}} | ec2:RunInstances on *",
        "{'Action': 'iam:PassRole', 'Resource': 'arn:aws:iam::123456789012:role/x'} | iam:PassRole",
        "{'Action': 'sts:AssumeRole', 'Principal': {'AWS': '*'}} | anyone without a condition",
        "{'Action': 'sts:AssumeRole', 'Principal': {'Service': 'kinesisanalytics.amazonaws.com'}}"
            + " | a service or identity provider for any account",
      })
  void aStatementThatGoesFurtherIsRefused(String statement, String reason) throws IOException {
    assertThat(PolicyRules.violations(parse(statement)))
        .anySatisfy(violation -> assertThat(violation).startsWith(reason));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'Action': 's3:GetObject', 'Resource': 'arn:aws:s3:::stedi-bucket/raw/*'}",
        "{'Effect': 'Deny', 'Principal': '*', 'Action': 's3:*', 'Resource': '*'}",
      })
  void aStatementWithinItIsNot(String statement) throws IOException {
    assertThat(PolicyRules.violations(parse(statement))).isEmpty();
  }

  @Test
  void nobodyButItsKeeperMayChangeTheKey() throws IOException {
    Map<String, Object> deny = policy("PseudonymKeyPolicy").iterator().next();
    assertThat(deny)
        .containsEntry("Effect", "Deny")
        .containsEntry("Principal", "*")
        .containsEntry("Resource", PolicyRules.SECRET)
        .containsEntry("Condition", Map.of("ArnNotEquals", Map.of("aws:PrincipalArn", KEEPER)));
    assertThat(PolicyRules.texts(deny.get("Action")))
        .contains(
            "secretsmanager:PutSecretValue",
            "secretsmanager:RotateSecret",
            "secretsmanager:UpdateSecret",
            "secretsmanager:DeleteSecret");
  }

  @Test
  void analystsWriteNothingButResults() throws IOException {
    assertThat(resources("AnalystPolicy", Set.of("s3:PutObject")))
        .containsExactly(PolicyRules.BUCKET + "/athena-results/*");
    assertThat(actions("AnalystPolicy"))
        .noneMatch(action -> action.matches("glue:(Create|Update|Delete).*"))
        .doesNotContain("s3:DeleteObject", "secretsmanager:GetSecretValue");
    assertThat(resources("AnalystPolicy", Set.of("s3:GetObject")))
        .doesNotContain(PolicyRules.BUCKET + "/raw/*");
  }

  @Test
  void bothFlinkRolesHoldTheLakesPolicyAndTheAnalystsTheirs() throws IOException {
    StackTemplate template =
        template(EVERYTHING).with(Map.of("LakePolicy", "arn:lake", "AnalystPolicy", "arn:analyst"));
    assertThat(list(template.propertiesOf("FlinkRole").get("ManagedPolicyArns")))
        .containsExactly("arn:lake");
    assertThat(list(template.propertiesOf("KubernetesRole").get("ManagedPolicyArns")))
        .containsExactly("arn:lake");
    assertThat(list(template.propertiesOf("AnalystRole").get("ManagedPolicyArns")))
        .containsExactly("arn:analyst");
  }

  private static Set<String> resources(String policy, Set<String> actions) throws IOException {
    Set<String> resources = new TreeSet<>();
    for (Map<String, Object> statement : policy(policy)) {
      if (PolicyRules.texts(statement.get("Action")).stream().anyMatch(actions::contains)) {
        PolicyRules.texts(statement.get("Resource"))
            .forEach(resource -> resources.add(String.valueOf(resource)));
      }
    }
    return resources;
  }

  private static List<String> actions(String policy) throws IOException {
    List<String> actions = new ArrayList<>();
    for (Map<String, Object> statement : policy(policy)) {
      PolicyRules.texts(statement.get("Action")).forEach(action -> actions.add((String) action));
    }
    return actions;
  }

  private static Iterable<Map<String, Object>> policy(String name) throws IOException {
    return PolicyRules.statements(name, template(EVERYTHING).propertiesOf(name)).values();
  }

  private static Map<String, Map<String, Object>> statements(Map<String, String> parameters)
      throws IOException {
    return PolicyRules.statements("Resources", template(parameters).resources());
  }

  private static StackTemplate template(Map<String, String> parameters) throws IOException {
    return StackTemplate.load(parameters).with(NAMES);
  }

  private static Map<String, Object> parse(String statement) throws IOException {
    return map(new ObjectMapper().readValue(statement.replace('\'', '"'), Map.class));
  }
}
