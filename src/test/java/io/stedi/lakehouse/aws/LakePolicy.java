package io.stedi.lakehouse.aws;

import io.stedi.lakehouse.deploy.PolicyRules;
import io.stedi.lakehouse.deploy.StackTemplate;
import io.stedi.lakehouse.testing.AwsCall;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What the stack's policy for jobs allows. */
final class LakePolicy {

  /** What a run needs though no test of one sees it. */
  private static final Set<String> UNSEEN =
      Set.of(
          // The managed service reads the jar in the version that the stack names.
          "s3:GetObjectVersion",
          // When the upload of a file in several parts fails.
          "s3:AbortMultipartUpload");

  private final Collection<Map<String, Object>> statements;
  private final String bucket;
  private final String database;

  private LakePolicy(Collection<Map<String, Object>> statements, String bucket, String database) {
    this.statements = statements;
    this.bucket = bucket;
    this.database = database;
  }

  static LakePolicy load(String bucket, String database) throws IOException {
    Map<String, Object> policy =
        StackTemplate.load(Map.of())
            .with(
                Map.of(
                    "Bucket",
                    bucket,
                    "Bucket.Arn",
                    "arn:aws:s3:::" + bucket,
                    "Database",
                    database,
                    "PseudonymKey",
                    "arn:aws:secretsmanager:*"))
            .propertiesOf("LakePolicy");
    return new LakePolicy(PolicyRules.statements("LakePolicy", policy).values(), bucket, database);
  }

  /** The actions that it allows. */
  Set<String> actions() {
    Set<String> actions = new TreeSet<>();
    statements.forEach(
        statement ->
            PolicyRules.texts(statement.get("Action"))
                .forEach(action -> actions.add(action.toString())));
    return actions;
  }

  /** Actions that were used, with those that are used where no test sees it. */
  static Set<String> withUnseen(List<String> used) {
    Set<String> all = new TreeSet<>(used);
    all.addAll(UNSEEN);
    return all;
  }

  /** Whether a statement allows the call. */
  boolean allows(AwsCall call) {
    return statements.stream()
        .anyMatch(
            statement ->
                PolicyRules.texts(statement.get("Action")).contains(call.action())
                    && PolicyRules.texts(statement.get("Resource")).stream()
                        .anyMatch(resource -> matches(resource.toString(), arn(call)))
                    && isListed(statement, call));
  }

  private String arn(AwsCall call) {
    String resource = call.resource();
    if (call.action().startsWith("s3:")) {
      return "arn:aws:s3:::" + resource.replaceFirst("\\?.*", "");
    }
    if (call.action().startsWith("glue:")) {
      return "arn:aws:glue:%s:%s:%s/%s"
          .formatted(
              StackTemplate.REGION,
              StackTemplate.ACCOUNT,
              resource.contains("/") ? "table" : "database",
              resource);
    }
    return resource;
  }

  private static boolean isListed(Map<String, Object> statement, AwsCall call) {
    if (!statement.containsKey("Condition")) {
      return true;
    }
    String prefix = call.resource().replaceFirst("^[^?]*\\?", "");
    return PolicyRules.texts(StackTemplate.at(statement, "Condition", "StringLike", "s3:prefix"))
        .stream()
        .anyMatch(pattern -> matches(pattern.toString(), prefix));
  }

  private static boolean matches(String pattern, String text) {
    return Pattern.matches(Pattern.quote(pattern).replace("*", "\\E.*\\Q"), text);
  }
}
