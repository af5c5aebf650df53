package io.stedi.lakehouse.deploy;

import static io.stedi.lakehouse.deploy.StackTemplate.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import io.stedi.lakehouse.job.LakehouseJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The stack, the manifests and the program, which know of each other by names only, agree. */
class AgreementTest {

  private static final String BUCKET = "arn:aws:s3:::bucket";

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod"})
  void everyPlaceThatTheJobUsesIsOneThatItsPolicyAllows(String overlay) throws IOException {
    JsonNode deployment = only(overlay, "FlinkDeployment");
    JsonNode flink = deployment.at("/spec/flinkConfiguration");
    List<String> arguments = arguments(deployment);
    Set<String> writable = prefixes("s3:PutObject");
    Set<String> readable = prefixes("s3:GetObject");
    Set<String> listed = listedPrefixes();
    List<String> written =
        List.of(
            flink.path("execution.checkpointing.dir").asText(),
            flink.path("execution.checkpointing.savepoint-dir").asText(),
            flink.path("high-availability.storageDir").asText(),
            variable(deployment, "STEDI_WAREHOUSE"));
    assertThat(written)
        .as("writable: %s", writable)
        .allSatisfy(place -> assertThat(writable).contains(prefix(place)))
        .doesNotHaveDuplicates();
    String input = arguments.get(arguments.indexOf("--input") + 1);
    assertThat(readable).contains(prefix(input));
    assertThat(writable).as("raw data is only read").doesNotContain(prefix(input));
    assertThat(Stream.concat(written.stream(), Stream.of(input)))
        .allSatisfy(place -> assertThat(listed).contains(prefix(place)));
    assertThat(Stream.concat(written.stream(), Stream.of(input)).map(AgreementTest::bucket))
        .containsOnly("stedi-lake-" + overlay);
  }

  @Test
  void theRoleIsForTheServiceAccountsOfTheJobs() throws IOException {
    Object trust =
        StackTemplate.load(Map.of("OidcIssuer", "issuer"))
            .with(Map.of("Bucket", "bucket"))
            .propertiesOf("KubernetesRole")
            .get("AssumeRolePolicyDocument");
    Map<String, Object> statement =
        PolicyRules.statements("KubernetesRole", trust).values().iterator().next();
    Set<String> accounts = new TreeSet<>();
    for (String overlay : List.of("prod", "prod-batch", "prod-maintain")) {
      for (JsonNode account : all(overlay, "ServiceAccount")) {
        accounts.add(
            "system:serviceaccount:%s:%s"
                .formatted(
                    account.at("/metadata/namespace").asText(),
                    account.at("/metadata/name").asText()));
      }
    }
    assertThat(accounts).hasSize(4);
    Object trusted =
        map(StackTemplate.at(statement, "Condition", "StringEquals")).get("issuer:sub");
    assertThat(PolicyRules.texts(trusted)).containsExactlyInAnyOrderElementsOf(accounts);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod"})
  void theJobIsThisProgramWithArgumentsThatItTakes(String overlay) throws IOException {
    JsonNode deployment = only(overlay, "FlinkDeployment");
    JsonNode job = deployment.at("/spec/job");
    assertThat(job.path("entryClass").asText()).isEqualTo(LakehouseJob.class.getName());
    List<String> arguments = arguments(deployment);
    assertThat(arguments).startsWith("run").contains("streaming");
    assertThatCode(
            () ->
                new CommandLine(LakehouseJob.class)
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .parseArgs(arguments.toArray(String[]::new)))
        .doesNotThrowAnyException();
    String jar = job.path("jarURI").asText().replaceFirst(".*/", "");
    assertThat(Files.readString(Manifests.ROOT.resolve("Dockerfile")))
        .contains("COPY target/%s ${FLINK_HOME}/usrlib/".formatted(jar));
    assertThat(Files.readString(Path.of("stedi"))).contains("target/" + jar);
  }

  private static List<JsonNode> all(String overlay, String kind) {
    return Kustomization.build(Manifests.ROOT.resolve("overlays").resolve(overlay)).stream()
        .filter(manifest -> manifest.path("kind").asText().equals(kind))
        .toList();
  }

  private static JsonNode only(String overlay, String kind) {
    List<JsonNode> found = all(overlay, kind);
    assertThat(found).as(kind).hasSize(1);
    return found.get(0);
  }

  private static List<String> arguments(JsonNode deployment) {
    List<String> arguments = new ArrayList<>();
    deployment.at("/spec/job/args").forEach(argument -> arguments.add(argument.asText()));
    return arguments;
  }

  private static String variable(JsonNode deployment, String name) {
    for (JsonNode variable : deployment.at("/spec/podTemplate/spec/containers/0/env")) {
      if (variable.path("name").asText().equals(name)) {
        return variable.path("value").asText();
      }
    }
    throw new AssertionError("no variable " + name);
  }

  /** The first folders of the bucket in which the lake's policy allows an action. */
  private static Set<String> prefixes(String action) throws IOException {
    Set<String> prefixes = new TreeSet<>();
    for (Map<String, Object> statement : lakePolicy()) {
      if (PolicyRules.texts(statement.get("Action")).contains(action)) {
        PolicyRules.texts(statement.get("Resource"))
            .forEach(
                resource ->
                    prefixes.add(
                        String.valueOf(resource).replace(BUCKET + "/", "").replace("/*", "")));
      }
    }
    return prefixes;
  }

  private static Set<String> listedPrefixes() throws IOException {
    Set<String> prefixes = new TreeSet<>();
    for (Map<String, Object> statement : lakePolicy()) {
      if (PolicyRules.texts(statement.get("Action")).contains("s3:ListBucket")) {
        PolicyRules.texts(StackTemplate.at(statement, "Condition", "StringLike", "s3:prefix"))
            .forEach(prefix -> prefixes.add(String.valueOf(prefix)));
      }
    }
    return prefixes;
  }

  private static Iterable<Map<String, Object>> lakePolicy() throws IOException {
    Map<String, Object> policy =
        StackTemplate.load(Map.of())
            .with(
                Map.of(
                    "Bucket",
                    "bucket",
                    "Bucket.Arn",
                    BUCKET,
                    "Database",
                    "stedi",
                    "PseudonymKey",
                    PolicyRules.SECRET))
            .propertiesOf("LakePolicy");
    return PolicyRules.statements("LakePolicy", policy).values();
  }

  private static String prefix(String uri) {
    return uri.replaceFirst("s3://[^/]+/", "").replaceFirst("/.*", "");
  }

  private static String bucket(String uri) {
    return uri.replaceFirst("s3://", "").replaceFirst("/.*", "");
  }
}
