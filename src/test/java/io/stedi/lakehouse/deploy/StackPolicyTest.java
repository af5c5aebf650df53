package io.stedi.lakehouse.deploy;

import static io.stedi.lakehouse.deploy.StackTemplate.list;
import static io.stedi.lakehouse.deploy.StackTemplate.map;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
          Map.entry("EngineerPrincipalArn", "arn:aws:iam::123456789012:root"),
          Map.entry("AnalystPrincipalArn", "arn:aws:iam::123456789012:root"),
          Map.entry("ScientistPrincipalArn", "arn:aws:iam::123456789012:root"),
          Map.entry("ProducerPrincipalArn", "arn:aws:iam::210987654321:role/producer"),
          Map.entry("ExternalId", "partner-1"),
          Map.entry("AuditBucket", "audit"),
          Map.entry("OidcIssuer", "oidc.eks.us-east-1.amazonaws.com/id/ABC"),
          Map.entry("VpcId", "vpc-1"),
          Map.entry("RouteTableIds", "rtb-1"),
          Map.entry("SubnetIds", "subnet-1,subnet-2"),
          Map.entry("SecurityGroupIds", "sg-1"));

  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("Bucket", "stedi-bucket"),
          Map.entry("Bucket.Arn", PolicyRules.BUCKET),
          Map.entry("Database", "stedi"),
          Map.entry("PseudonymKey", PolicyRules.SECRET),
          Map.entry("LogGroup.Arn", PolicyRules.LOG_GROUP),
          Map.entry("AlarmTopic", "arn:aws:sns:us-east-1:123456789012:alarms"),
          Map.entry("EngineerWorkGroup", "engineers"),
          Map.entry("AnalystWorkGroup", "analysts"),
          Map.entry("ScientistWorkGroup", "scientists"));

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

  @ParameterizedTest
  @CsvSource({"Engineer, engineers", "Analyst, analysts", "Scientist, scientists"})
  void whoQueriesWritesNothingButResultsAndReadsNoOthers(String role, String group)
      throws IOException {
    String policy = role + "Policy";
    String results = PolicyRules.BUCKET + "/athena-results/" + group + "/*";
    assertThat(resources(policy, Set.of("s3:PutObject"))).containsExactly(results);
    assertThat(actions(policy))
        .noneMatch(action -> action.matches("glue:(Create|Update|Delete).*"))
        .doesNotContain("s3:DeleteObject", "secretsmanager:GetSecretValue");
    assertThat(resources(policy, Set.of("s3:GetObject")))
        .contains(results)
        .doesNotContain(PolicyRules.BUCKET + "/raw/*")
        .filteredOn(resource -> resource.contains("athena-results"))
        .hasSize(1);
    assertThat(resources(policy, Set.of("athena:StartQueryExecution")))
        .containsExactly("arn:aws:athena:us-east-1:123456789012:workgroup/" + group);
    assertThat(template(EVERYTHING).propertiesOf(role + "WorkGroup").toString())
        .contains("s3://stedi-bucket/athena-results/%s/".formatted(group));
  }

  /** Exactly its share, table by table, of the catalog and of the files. */
  @Test
  void eachRoleReadsTheTablesThatAreForIt() throws IOException {
    Set<String> all = new TreeSet<>(tables());
    Set<String> consenting = new TreeSet<>(all);
    consenting.removeIf(table -> table.endsWith("_landing"));
    assertThat(readable("EngineerPolicy")).isEqualTo(all);
    assertThat(readable("AnalystPolicy")).isEqualTo(consenting).hasSize(5);
    assertThat(readable("ScientistPolicy")).containsExactly("machine_learning_curated");
  }

  /** The tables that a policy lets its holder find in the catalog and read the files of. */
  private static Set<String> readable(String policy) throws IOException {
    Set<String> readable = new TreeSet<>();
    for (String table : tables()) {
      boolean found =
          matches(
              resources(policy, Set.of("glue:GetTable")),
              "arn:aws:glue:us-east-1:123456789012:table/stedi/" + table);
      boolean read =
          matches(
              resources(policy, Set.of("s3:GetObject")),
              PolicyRules.BUCKET + "/warehouse/stedi.db/" + table + "/data/a.parquet");
      assertThat(found).as(table).isEqualTo(read);
      if (read) {
        readable.add(table);
      }
    }
    return readable;
  }

  private static boolean matches(Set<String> resources, String name) {
    return resources.stream()
        .anyMatch(
            resource ->
                name.matches(
                    Stream.of(resource.split("\\*", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*"))));
  }

  private static List<String> tables() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("catalog", "tables"))) {
      return files.map(file -> file.getFileName().toString().replace(".sql", "")).toList();
    }
  }

  @Test
  void whoDeliversOnlyAdds() throws IOException {
    Map<String, Object> role = template(EVERYTHING).propertiesOf("ProducerRole");
    List<Map<String, Object>> statements =
        PolicyRules.statements("deliver", role.get("Policies")).values().stream().toList();
    assertThat(statements.get(0))
        .containsEntry("Action", "s3:PutObject")
        .containsEntry("Resource", PolicyRules.BUCKET + "/raw/*")
        .containsEntry("Condition", Map.of("Null", Map.of("s3:if-none-match", "false")));
    assertThat(statements.toString()).doesNotContain("GetObject", "DeleteObject");
    assertThat(role.get("AssumeRolePolicyDocument").toString())
        .contains("sts:ExternalId=partner-1");
  }

  @Test
  void whoReadsHasLoggedInWithASecondFactor() throws IOException {
    for (String role : List.of("EngineerRole", "AnalystRole", "ScientistRole")) {
      assertThat(template(EVERYTHING).propertiesOf(role).get("AssumeRolePolicyDocument").toString())
          .as(role)
          .contains("aws:MultiFactorAuthPresent=true", "sts:ExternalId=partner-1");
    }
  }

  @Test
  void aReadOfTheKeyByAnybodyElseThanAJobGoesToTheAlarms() throws IOException {
    Map<String, String> names = new TreeMap<>(NAMES);
    names.put("FlinkRole.Arn", "arn:flink");
    names.put("KubernetesRole.Arn", "arn:kubernetes");
    Map<String, Object> rule =
        StackTemplate.load(EVERYTHING).with(names).propertiesOf("KeyReadRule");
    assertThat(rule.get("EventPattern").toString())
        .contains("GetSecretValue", PolicyRules.SECRET)
        .contains("anything-but=[arn:flink, arn:kubernetes]");
    assertThat(rule.get("Targets").toString()).contains(NAMES.get("AlarmTopic"));
  }

  @Test
  void bothFlinkRolesHoldTheLakesPolicyAndWhoQueriesTheirOwn() throws IOException {
    Map<String, String> policies = new TreeMap<>(NAMES);
    policies.put("LakePolicy", "arn:lake");
    policies.put("QueryPolicy", "arn:query");
    for (String role : List.of("Engineer", "Analyst", "Scientist")) {
      policies.put(role + "Policy", "arn:" + role);
    }
    StackTemplate template = StackTemplate.load(EVERYTHING).with(policies);
    for (String flink : List.of("FlinkRole", "KubernetesRole")) {
      assertThat(list(template.propertiesOf(flink).get("ManagedPolicyArns")))
          .containsExactly("arn:lake");
    }
    for (String role : List.of("Engineer", "Analyst", "Scientist")) {
      assertThat(list(template.propertiesOf(role + "Role").get("ManagedPolicyArns")))
          .containsExactly("arn:query", "arn:" + role);
    }
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
