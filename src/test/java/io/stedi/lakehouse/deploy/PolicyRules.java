package io.stedi.lakehouse.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What the stack's policy statements may say. Everything that is not listed here is refused. */
public final class PolicyRules {

  static final String BUCKET = "arn:aws:s3:::stedi-bucket";
  static final String SECRET =
      "arn:aws:secretsmanager:us-east-1:123456789012:secret:pseudonyms-AbCdEf";
  static final String KEY =
      "arn:aws:kms:us-east-1:123456789012:key/1b2c3d4e-0000-1111-2222-333344445555";
  static final String LOG_GROUP =
      "arn:aws:logs:us-east-1:123456789012:log-group:/aws/kinesis-analytics/stedi-lakehouse:*";

  /** EC2's descriptions know no resources; see the service authorization reference. */
  private static final Set<String> WITHOUT_RESOURCE =
      Set.of(
          "ec2:DescribeDhcpOptions",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSecurityGroups",
          "ec2:DescribeSubnets",
          "ec2:DescribeVpcs");

  private static final String REST = ":us-east-1:123456789012:";

  /** The resources that an action may name: by the action itself, or else by its service. */
  private static final Map<String, Pattern> RESOURCES =
      Map.of(
          "s3:",
          Pattern.compile(
              Pattern.quote(BUCKET)
                  + "(/raw|/(raw|warehouse|checkpoints|savepoints|high-availability|jars)/\\*"
                  + "|/warehouse/stedi\\.db/[a-z_]+/\\*"
                  + "|/athena-results/(engineers|analysts|scientists)/\\*)?"),
          "glue:",
          Pattern.compile(
              "arn:aws:glue" + REST + "(catalog|database/stedi|table/stedi/(\\*|[a-z_]+))"),
          "kms:",
          Pattern.compile(Pattern.quote(KEY)),
          "secretsmanager:",
          Pattern.compile(Pattern.quote(SECRET)),
          "logs:",
          Pattern.compile(Pattern.quote(LOG_GROUP)),
          // Tells the names of groups and is not answered for one alone.
          "logs:DescribeLogGroups",
          Pattern.compile("arn:aws:logs" + REST + "log-group:\\*"),
          "athena:",
          Pattern.compile(
              "arn:aws:athena"
                  + REST
                  + "(workgroup/(engineers|analysts|scientists)|datacatalog/AwsDataCatalog)"),
          "sns:",
          Pattern.compile("arn:aws:sns" + REST + "alarms"),
          // The interfaces that the service makes for the application have no name before.
          "ec2:",
          Pattern.compile("arn:aws:ec2" + REST + "network-interface/\\*"),
          "ec2:CreateNetworkInterface",
          Pattern.compile("arn:aws:ec2" + REST + "(network-interface|subnet|security-group)/\\*"));

  private PolicyRules() {}

  /** Every policy statement below a value, by where it is. */
  public static Map<String, Map<String, Object>> statements(String path, Object value)
      throws JsonProcessingException {
    Map<String, Map<String, Object>> found = new LinkedHashMap<>();
    if (value instanceof String text && text.contains("\"Statement\"")) {
      return statements(path, new ObjectMapper().readValue(text, Map.class));
    }
    if (value instanceof List<?> items) {
      for (int i = 0; i < items.size(); i++) {
        found.putAll(statements(path + "/" + i, items.get(i)));
      }
    }
    if (value instanceof Map<?, ?>) {
      for (Map.Entry<String, Object> entry : StackTemplate.map(value).entrySet()) {
        String below = path + "/" + entry.getKey();
        if (entry.getKey().equals("Statement")) {
          List<Object> all = texts(entry.getValue());
          for (int i = 0; i < all.size(); i++) {
            found.put(below + "/" + i, StackTemplate.map(all.get(i)));
          }
        } else {
          found.putAll(statements(below, entry.getValue()));
        }
      }
    }
    return found;
  }

  /** What is wrong with a statement; empty if nothing is. */
  static List<String> violations(Map<String, Object> statement) {
    List<String> violations = new ArrayList<>();
    if ("Deny".equals(statement.get("Effect"))) {
      return violations;
    }
    for (String key : List.of("NotAction", "NotResource", "NotPrincipal")) {
      if (statement.containsKey(key)) {
        violations.add(key + " allows whatever it forgets");
      }
    }
    List<Object> actions = texts(statement.get("Action"));
    if (actions.isEmpty()) {
      violations.add("no action");
    }
    boolean conditioned = statement.containsKey("Condition");
    boolean named = !String.valueOf(statement.get("Principal")).contains("*");
    if (!named && !conditioned) {
      violations.add("anyone without a condition");
    }
    if (statement.get("Principal") instanceof Map<?, ?> principal
        && (principal.containsKey("Service") || principal.containsKey("Federated"))
        && !conditioned) {
      violations.add("a service or identity provider for any account");
    }
    // The policy of a role's trust names who, and the role is the resource.
    boolean trust = actions.stream().allMatch(action -> String.valueOf(action).startsWith("sts:"));
    if (!trust && texts(statement.get("Resource")).isEmpty()) {
      violations.add("no resource");
    }
    for (Object action : actions) {
      String name = String.valueOf(action);
      if (name.contains("*") || name.contains("?")) {
        violations.add("wildcard in action " + name);
      }
      for (Object resource : texts(statement.get("Resource"))) {
        if (!allowed(name, String.valueOf(resource), conditioned, named)) {
          violations.add(name + " on " + resource);
        }
      }
    }
    return violations;
  }

  /** A single value or a list of them, as a list; none if there is no value. */
  public static List<Object> texts(Object value) {
    if (value == null) {
      return List.of();
    }
    return value instanceof List<?> ? StackTemplate.list(value) : List.of(value);
  }

  private static boolean allowed(
      String action, String resource, boolean conditioned, boolean named) {
    if (resource.equals("*")) {
      return WITHOUT_RESOURCE.contains(action) && conditioned;
    }
    if (!named && action.startsWith("s3:") && resource.equals(BUCKET + "/*")) {
      // An endpoint's policy bounds the roles' policies; it grants nothing itself.
      return true;
    }
    Pattern pattern = RESOURCES.get(action);
    if (pattern == null) {
      pattern = RESOURCES.get(action.substring(0, action.indexOf(':') + 1));
    }
    return pattern != null && pattern.matcher(resource).matches();
  }
}
