package io.stedi.lakehouse.deploy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A CloudFormation template with values for its parameters. Intrinsic functions are computed as far
 * as what they refer to is known; the rest of them stays, in its long form.
 */
public final class StackTemplate {

  public static final String ACCOUNT = "123456789012";
  public static final String REGION = "us-east-1";

  private static final Path FILE = Path.of("conf", "aws", "stack.yaml");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z0-9:.]+)}");
  private static final Object NO_VALUE = new Object();

  private final Map<String, Object> document;
  private final Map<String, Object> known;

  private StackTemplate(Map<String, Object> document, Map<String, Object> known) {
    this.document = document;
    this.known = known;
  }

  /** The project's template. */
  public static StackTemplate load(Map<String, String> parameters) throws IOException {
    return parse(Files.readString(FILE), parameters);
  }

  static StackTemplate parse(String yaml, Map<String, String> parameters) {
    Node root = new Compose(LoadSettings.builder().build()).composeString(yaml).orElseThrow();
    Map<String, Object> document = map(value(root));
    Map<String, Object> known = new HashMap<>();
    known.put("AWS::AccountId", ACCOUNT);
    known.put("AWS::Region", REGION);
    known.put("AWS::Partition", "aws");
    known.put("AWS::URLSuffix", "amazonaws.com");
    known.put("AWS::NoValue", NO_VALUE);
    Map<String, Object> declared = map(document.getOrDefault("Parameters", Map.of()));
    declared.forEach(
        (name, declaration) -> {
          String text = parameters.get(name);
          if (text == null) {
            text = String.valueOf(map(declaration).get("Default"));
          }
          boolean list = map(declaration).get("Type").equals("CommaDelimitedList");
          known.put(name, list ? Arrays.asList(text.split(",")) : text);
        });
    for (String name : parameters.keySet()) {
      if (!declared.containsKey(name)) {
        throw new IllegalArgumentException("no such parameter: " + name);
      }
    }
    return new StackTemplate(document, known);
  }

  /** The same template with more known: logical names, or {@code Name.Attribute}, to values. */
  public StackTemplate with(Map<String, String> more) {
    Map<String, Object> all = new HashMap<>(known);
    all.putAll(more);
    return new StackTemplate(document, all);
  }

  /** The resources whose condition holds, computed, by logical name in the order of the file. */
  Map<String, Object> resources() {
    return section("Resources");
  }

  /** Those of one type. */
  Map<String, Map<String, Object>> properties(String type) {
    Map<String, Map<String, Object>> found = new LinkedHashMap<>();
    resources()
        .forEach(
            (name, resource) -> {
              if (map(resource).get("Type").equals(type)) {
                found.put(name, map(map(resource).get("Properties")));
              }
            });
    return found;
  }

  /** The properties of one resource. */
  public Map<String, Object> propertiesOf(String name) {
    return map(map(resources().get(name)).get("Properties"));
  }

  /**
   * The template as it is written, without the resources of some types, and with references to
   * those replaced by their names.
   */
  Map<String, Object> without(Set<String> types, Map<String, String> names) {
    Map<String, Object> resources = new LinkedHashMap<>(map(document.get("Resources")));
    resources.values().removeIf(resource -> types.contains((String) map(resource).get("Type")));
    Map<String, Object> rest = new LinkedHashMap<>(document);
    rest.put("Resources", resources);
    return map(replace(rest, names));
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked")
  static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  /** What is found by going down the keys of nested mappings. */
  public static Object at(Object value, String... path) {
    Object found = value;
    for (String key : path) {
      found = map(found).get(key);
    }
    return found;
  }

  private Map<String, Object> section(String section) {
    Map<String, Object> found = new LinkedHashMap<>();
    map(document.get(section))
        .forEach(
            (name, declaration) -> {
              Map<String, Object> entry = new LinkedHashMap<>(map(declaration));
              Object condition = entry.remove("Condition");
              if (condition == null || holds(Map.of("Condition", condition))) {
                found.put(name, compute(entry));
              }
            });
    return found;
  }

  private Object compute(Object value) {
    if (value instanceof List<?> items) {
      return items.stream().map(this::compute).filter(item -> item != NO_VALUE).toList();
    }
    if (!(value instanceof Map<?, ?>)) {
      return value;
    }
    Map<String, Object> entries = map(value);
    if (entries.size() == 1) {
      Map.Entry<String, Object> only = entries.entrySet().iterator().next();
      switch (only.getKey()) {
        case "Ref":
          return known.getOrDefault(only.getValue(), value);
        case "Fn::GetAtt":
          return known.getOrDefault(
              String.join(".", list(only.getValue()).toArray(String[]::new)), value);
        case "Fn::Sub":
          String text = substitute(String.valueOf(only.getValue()), known);
          return VARIABLE.matcher(text).find() ? Map.of("Fn::Sub", text) : text;
        case "Fn::If":
          List<Object> branches = list(only.getValue());
          return compute(branches.get(holds(Map.of("Condition", branches.get(0))) ? 1 : 2));
        case "Fn::Join":
          return join(list(only.getValue())).map(Object.class::cast).orElse(value);
        case "Fn::Split":
          List<Object> split = list(only.getValue());
          return compute(split.get(1)) instanceof String joined
              ? Arrays.asList(joined.split(Pattern.quote(String.valueOf(split.get(0)))))
              : value;
        default:
      }
    }
    Map<String, Object> computed = new LinkedHashMap<>();
    entries.forEach(
        (key, entry) -> {
          Object result = compute(entry);
          if (result != NO_VALUE) {
            computed.put(key, result);
          }
        });
    return computed;
  }

  private static Object replace(Object value, Map<String, String> names) {
    if (value instanceof List<?> items) {
      return items.stream().map(item -> replace(item, names)).toList();
    }
    if (!(value instanceof Map<?, ?>)) {
      return value;
    }
    Map<String, Object> entries = map(value);
    if (entries.get("Ref") instanceof String name && names.containsKey(name)) {
      return names.get(name);
    }
    if (entries.get("Fn::Sub") instanceof String text) {
      return Map.of("Fn::Sub", substitute(text, names));
    }
    Map<String, Object> replaced = new LinkedHashMap<>();
    entries.forEach((key, entry) -> replaced.put(key, replace(entry, names)));
    return replaced;
  }

  private Optional<String> join(List<Object> arguments) {
    if (!(compute(arguments.get(1)) instanceof List<?> parts)
        || !parts.stream().allMatch(String.class::isInstance)) {
      return Optional.empty();
    }
    return Optional.of(String.join(String.valueOf(arguments.get(0)), parts.toArray(String[]::new)));
  }

  private static String substitute(String text, Map<String, ?> values) {
    return VARIABLE
        .matcher(text)
        .replaceAll(
            variable ->
                Matcher.quoteReplacement(
                    values.containsKey(variable.group(1))
                        ? String.valueOf(values.get(variable.group(1)))
                        : variable.group()));
  }

  private boolean holds(Object condition) {
    Map.Entry<String, Object> only = map(condition).entrySet().iterator().next();
    return switch (only.getKey()) {
      case "Condition" -> holds(at(document, "Conditions", String.valueOf(only.getValue())));
      case "Fn::Not" -> !holds(list(only.getValue()).get(0));
      case "Fn::And" -> list(only.getValue()).stream().allMatch(this::holds);
      case "Fn::Equals" ->
          compute(list(only.getValue()).get(0)).equals(compute(list(only.getValue()).get(1)));
      default -> throw new IllegalArgumentException("not a known condition: " + condition);
    };
  }

  private static Object value(Node node) {
    Object value;
    if (node instanceof MappingNode mapping) {
      Map<String, Object> entries = new LinkedHashMap<>();
      for (NodeTuple entry : mapping.getValue()) {
        entries.put(((ScalarNode) entry.getKeyNode()).getValue(), value(entry.getValueNode()));
      }
      value = entries;
    } else if (node instanceof SequenceNode sequence) {
      List<Object> items = new ArrayList<>();
      sequence.getValue().forEach(item -> items.add(value(item)));
      value = items;
    } else {
      value = scalar((ScalarNode) node);
    }
    String tag = node.getTag().getValue();
    return tag.startsWith("!") ? function(tag.substring(1), value) : value;
  }

  private static Object scalar(ScalarNode node) {
    if (node.getTag().equals(Tag.BOOL)) {
      return Boolean.valueOf(node.getValue());
    }
    return node.getTag().equals(Tag.INT) ? Long.valueOf(node.getValue()) : node.getValue();
  }

  /** The long form of a short tag: {@code !Sub text} is {@code {"Fn::Sub": text}}. */
  private static Map<String, Object> function(String name, Object argument) {
    return switch (name) {
      case "Ref", "Condition" -> Map.of(name, argument);
      case "GetAtt" ->
          Map.of("Fn::GetAtt", List.of((Object[]) ((String) argument).split("\\.", 2)));
      default -> Map.of("Fn::" + name, argument);
    };
  }

  /**
   * The property groups of the stack's application, as the managed service writes them into a file.
   *
   * @param resources what the stack's resources are called
   */
  public static String propertyGroups(Map<String, String> resources) throws IOException {
    return new ObjectMapper()
        .writeValueAsString(
            at(
                load(Map.of("JarKey", "jars/x.jar", "JarObjectVersion", "v1"))
                    .with(resources)
                    .propertiesOf("Application"),
                "ApplicationConfiguration",
                "EnvironmentProperties",
                "PropertyGroups"));
  }
}
