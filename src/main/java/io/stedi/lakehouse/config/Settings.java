package io.stedi.lakehouse.config;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.files.Location;
import io.stedi.lakehouse.function.PseudonymKey;
import io.stedi.lakehouse.lake.LakeAddress;
import io.stedi.lakehouse.maintain.MaintenanceOptions;
import io.stedi.lakehouse.records.FileKinds;
import io.stedi.lakehouse.records.RecordKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The settings of one run. Nested YAML keys are joined by dots, so that {@code consent: {from-date:
 * true}} and {@code -D consent.from-date=true} are the same. A value may refer to variables as
 * {@code ${NAME}} or {@code ${NAME:-default}}: those of the environment, and {@code lake}.
 */
public final class Settings {

  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}");

  /** What holds in every environment. */
  private static final String DEFAULTS = "defaults";

  /** What Flink needs to run in one process. */
  private static final String ONE_MACHINE = "one-machine";

  /** What a streaming run needs of Flink in one process, where that differs. */
  private static final String STREAMING = "streaming";

  private static final List<String> NETWORK_MEMORY =
      List.of("taskmanager.memory.network.min", "taskmanager.memory.network.max");

  private final Map<String, String> values;
  private final Map<String, String> written;

  private Settings(Map<String, String> values, Map<String, String> written) {
    this.values = values;
    this.written = written;
  }

  /**
   * Reads the settings of an environment for a cluster, which has its own of Flink.
   *
   * @param environment the name of a file of {@code conf/}, or the path or URI of a YAML file
   * @param overrides what {@code -D} gave; wins over the file
   * @param variables what {@code ${NAME}} may refer to
   * @throws LakehouseException if there is no such environment, or as {@link #load} does
   */
  public static Settings onCluster(
      String environment, Map<String, String> overrides, Map<String, String> variables) {
    return load(List.of(DEFAULTS, environment), overrides, variables);
  }

  /**
   * Reads the settings of an environment for this machine, where Flink runs in this process.
   *
   * @param environment as for {@link #onCluster}
   */
  public static Settings onOneMachine(
      String environment, Map<String, String> overrides, Map<String, String> variables) {
    return load(List.of(DEFAULTS, ONE_MACHINE, environment), overrides, variables);
  }

  /**
   * Reads the settings of an environment for a streaming run on this machine.
   *
   * @param environment as for {@link #onCluster}
   */
  public static Settings forStreaming(
      String environment, Map<String, String> overrides, Map<String, String> variables) {
    return load(List.of(DEFAULTS, ONE_MACHINE, STREAMING, environment), overrides, variables);
  }

  /** The settings of Flink on this machine, without any environment. */
  public static Settings ofThisMachine(Map<String, String> variables) {
    return load(List.of(DEFAULTS, ONE_MACHINE), Map.of(), variables);
  }

  private static Settings load(
      List<String> environments, Map<String, String> overrides, Map<String, String> variables) {
    Map<String, String> layers = new LinkedHashMap<>();
    environments.forEach(environment -> layers.put("conf " + environment, text(environment)));
    return load(layers, overrides, variables);
  }

  /** Whether it names a file of {@code conf/}, and is not itself the place of a file. */
  public static boolean isName(String environment) {
    return environment.matches("[a-z0-9-]+");
  }

  private static String text(String environment) {
    try {
      if (!isName(environment)) {
        return Location.of(environment).readText();
      }
      try (InputStream resource =
          Settings.class.getResourceAsStream("/conf/" + environment + ".yaml")) {
        if (resource == null) {
          throw LakehouseException.usage(
              "There is no environment '%s' in conf/. Give one of those, or the path of a YAML file."
                  .formatted(environment));
        }
        return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      throw LakehouseException.usage(
          "Cannot read the settings file %s (%s). Check the path after --conf."
              .formatted(environment, e),
          e);
    }
  }

  /**
   * Reads settings.
   *
   * @param layers texts of YAML by what to call them in an error; a later one wins over those
   *     before it
   * @param overrides what {@code -D} gave; wins over the file
   * @param variables what {@code ${NAME}} may refer to
   * @throws LakehouseException if the text is no YAML, a key is unknown, a value is not allowed or
   *     a variable is not set
   */
  static Settings load(
      Map<String, String> layers, Map<String, String> overrides, Map<String, String> variables) {
    Map<String, String> values = new TreeMap<>();
    layers.forEach(
        (origin, yaml) -> {
          Map<String, String> layer = new TreeMap<>();
          flatten("", parse(yaml, origin), origin, layer);
          layer.keySet().forEach(key -> requireKnown(key, origin));
          values.putAll(layer);
        });
    overrides.keySet().forEach(key -> requireKnown(key, "-D"));
    values.putAll(overrides);
    Map<String, String> written = new TreeMap<>(values);
    values.replaceAll((key, value) -> substitute(key, value, variables));
    for (Setting setting : Setting.values()) {
      String value = values.computeIfAbsent(setting.key(), key -> setting.defaultValue());
      if (!setting.accepts(value)) {
        throw LakehouseException.usage(
            "The setting %s cannot be '%s'. It takes %s."
                .formatted(setting.key(), value, setting.allowed()));
      }
    }
    return new Settings(values, written);
  }

  /** The value of a setting; its default if nobody set it. */
  public String get(Setting setting) {
    return requireNonNull(values.get(setting.key()));
  }

  /** The value of a setting that holds a duration; empty if it is left to the cluster. */
  public Optional<Duration> duration(Setting setting) {
    return Setting.parseDuration(get(setting));
  }

  /** The settings that decide what the derived tables hold, by their keys. */
  public SortedMap<String, String> meaning() {
    SortedMap<String, String> meaning = new TreeMap<>();
    for (Setting setting :
        List.of(
            Setting.CONSENT_FROM_DATE,
            Setting.CONSENT_EVERY_HOLDER,
            Setting.MACHINE_LEARNING_MATCH)) {
      meaning.put(setting.key(), get(setting));
    }
    meaning.put(Setting.MACHINE_LEARNING_TOLERANCE.key(), tolerance().toMillis() + "ms");
    return meaning;
  }

  /** When tables are rewritten, and what of their history is kept. */
  public MaintenanceOptions maintenance() {
    return new MaintenanceOptions(
        Setting.parseMemory(get(Setting.MAINTENANCE_TARGET_FILE_SIZE)).orElseThrow().getBytes(),
        Integer.parseInt(get(Setting.MAINTENANCE_MIN_INPUT_FILES)),
        Integer.parseInt(get(Setting.MAINTENANCE_DELETE_FILE_THRESHOLD)),
        Long.parseLong(get(Setting.MAINTENANCE_MAX_DELETE_ROWS)),
        Integer.parseInt(get(Setting.MAINTENANCE_KEEP_COMMITS)),
        duration(Setting.MAINTENANCE_KEEP_TIME).orElseThrow());
  }

  /** How far apart the times of two readings may lie that are paired. */
  public Duration tolerance() {
    return Setting.parseTolerance(get(Setting.MACHINE_LEARNING_TOLERANCE)).orElseThrow();
  }

  /** How the kinds of raw files are told. */
  public FileKinds fileKinds() {
    Map<RecordKind, String> globs = new EnumMap<>(RecordKind.class);
    Map.of(
            RecordKind.CUSTOMER, Setting.INPUT_CUSTOMER,
            RecordKind.ACCELEROMETER, Setting.INPUT_ACCELEROMETER,
            RecordKind.STEP_TRAINER, Setting.INPUT_STEP_TRAINER)
        .forEach(
            (kind, setting) -> {
              if (!get(setting).isEmpty()) {
                globs.put(kind, get(setting));
              }
            });
    return FileKinds.of(globs);
  }

  /** The key of the pseudonyms that the settings, or this process's environment, give. */
  public PseudonymKey pseudonymKey() {
    return new PseudonymKey(
        System.getenv(),
        get(Setting.PSEUDONYM_SECRET_ID),
        get(Setting.PSEUDONYM_SECRET_VERSION),
        get(Setting.PSEUDONYM_KEY_FILE));
  }

  /**
   * What a job's tasks need to know beside its plan: where the lake is and where the key of the
   * pseudonyms is.
   *
   * @param fingerprint of the key that tasks have to have; the empty string for any
   */
  public Map<String, String> jobParameters(String fingerprint) {
    Map<String, String> parameters = new TreeMap<>(pseudonymKey().jobParameters(fingerprint));
    parameters.putAll(new LakeAddress(catalogProperties(), get(Setting.DATABASE)).parameters());
    return parameters;
  }

  /**
   * The same as they may be shown, for any key.
   *
   * @param shown variables whose values may be shown
   */
  public Map<String, String> shownJobParameters(Map<String, String> shown) {
    Map<String, String> parameters = jobParameters("");
    parameters.putAll(
        new LakeAddress(shownCatalogProperties(shown), get(Setting.DATABASE)).parameters());
    return parameters;
  }

  /** The number of parallel tasks; empty if it is left to the cluster. */
  public OptionalInt parallelism() {
    String value = get(Setting.PARALLELISM);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(
        value.equals("auto")
            ? Runtime.getRuntime().availableProcessors()
            : Integer.parseInt(value));
  }

  /** The properties of the Iceberg catalog, without their {@code catalog.} prefix. */
  public Map<String, String> catalogProperties() {
    return below("catalog.");
  }

  /**
   * The properties of the Iceberg catalog as they may be shown: what comes from the environment,
   * and may be a secret, by the name of its variable.
   *
   * @param shown variables whose values may be shown
   */
  public Map<String, String> shownCatalogProperties(Map<String, String> shown) {
    Map<String, String> properties = new LinkedHashMap<>();
    below("catalog.")
        .keySet()
        .forEach(
            key ->
                properties.put(
                    key,
                    VARIABLE
                        .matcher(written.get("catalog." + key))
                        .replaceAll(
                            match ->
                                Matcher.quoteReplacement(
                                    shown.getOrDefault(match.group(1), match.group())))));
    return properties;
  }

  /** These settings and others, where these do not say something else. */
  public Settings and(Map<String, String> others) {
    Map<String, String> all = new LinkedHashMap<>(others);
    all.putAll(values);
    return new Settings(all, written);
  }

  /** These settings, with another value of one. */
  public Settings with(Setting setting, String value) {
    Map<String, String> all = new LinkedHashMap<>(values);
    all.put(setting.key(), value);
    return new Settings(all, written);
  }

  /**
   * The configuration handed to Flink, without its {@code flink.} prefix, and with the memory for
   * what tasks hand on if {@link Setting#NETWORK_MEMORY_PER_TASK} is set.
   */
  public Map<String, String> flinkConfiguration() {
    Map<String, String> configuration = below("flink.");
    Setting.parseMemory(get(Setting.NETWORK_MEMORY_PER_TASK))
        .ifPresent(
            perTask -> {
              String all = perTask.multiply(parallelism().orElse(1)).toString();
              // Flink in one process takes no range.
              NETWORK_MEMORY.forEach(key -> configuration.putIfAbsent(key, all));
            });
    return configuration;
  }

  private Map<String, String> below(String prefix) {
    Map<String, String> found = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> {
          // Empty is as if not set, so that a file can name what an environment may give.
          if (key.startsWith(prefix) && !value.isBlank()) {
            found.put(key.substring(prefix.length()), value);
          }
        });
    return found;
  }

  private static Map<?, ?> parse(String yaml, String origin) {
    try {
      Object document =
          new Load(LoadSettings.builder().setLabel(origin).setAllowDuplicateKeys(false).build())
              .loadFromString(yaml);
      if (document == null) {
        return Map.of();
      }
      if (document instanceof Map<?, ?> map) {
        return map;
      }
      throw LakehouseException.usage(
          "%s holds no settings: it must be a mapping of keys to values.".formatted(origin));
    } catch (YamlEngineException e) {
      throw LakehouseException.usage(
          "%s is not valid YAML: %s".formatted(origin, e.getMessage().replaceAll("\\s+", " ")), e);
    }
  }

  private static void flatten(
      String prefix, Map<?, ?> map, String origin, Map<String, String> values) {
    map.forEach(
        (key, value) -> {
          String path = prefix + key;
          if (value instanceof Map<?, ?> nested) {
            flatten(path + ".", nested, origin, values);
          } else if (value instanceof Iterable<?>) {
            throw LakehouseException.usage(
                "The setting %s in %s is a list; it takes one value.".formatted(path, origin));
          } else {
            values.put(path, value == null ? "" : value.toString());
          }
        });
  }

  private static void requireKnown(String key, String origin) {
    boolean free =
        Setting.FREE_PREFIXES.stream()
            .anyMatch(prefix -> key.startsWith(prefix) && key.length() > prefix.length());
    if (free || Setting.ofKey(key).isPresent()) {
      return;
    }
    String nearest =
        Stream.concat(Stream.of(Setting.values()).map(Setting::key), Setting.FREE_PREFIXES.stream())
            .min(Comparator.comparingInt(known -> distance(key, known)))
            .orElseThrow();
    throw LakehouseException.usage(
        "There is no setting '%s' (%s). The nearest is '%s'; all are: %s, and those that begin with %s"
            .formatted(
                key,
                origin,
                nearest,
                String.join(", ", Stream.of(Setting.values()).map(Setting::key).toList()),
                String.join(" or ", Setting.FREE_PREFIXES)));
  }

  /** The number of characters to insert, delete or replace to get from one text to the other. */
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[b.length()];
  }

  private static String substitute(String key, String value, Map<String, String> variables) {
    return VARIABLE
        .matcher(value)
        .replaceAll(
            match -> {
              String known = variables.get(match.group(1));
              String found = known != null ? known : match.group(2);
              if (found == null) {
                throw LakehouseException.usage(
                    "The setting %s refers to the variable %s, which is not set. Set it in the environment, or give a default as ${%s:-...}."
                        .formatted(key, match.group(1), match.group(1)));
              }
              return Matcher.quoteReplacement(found);
            });
  }
}
