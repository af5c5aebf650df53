package io.stedi.lakehouse.pipeline;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.program.Plan;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.runtime.util.EnvironmentInformation;

/**
 * What a stream was begun with, kept as properties for the runs that go on from it: its state fits
 * nothing else.
 *
 * @param meaning the settings that decide what the tables hold, the tables and the input
 * @param parts the hash of each job's text without comments, of the tables, and Flink's version
 * @param compiledPlan the plan as Flink writes it
 */
record StreamProgram(Map<String, String> meaning, Map<String, String> parts, String compiledPlan) {

  private static final String MEANING = "meaning.";
  private static final String PART = "part.";
  private static final String PLAN = "plan";

  /** The program of a plan. */
  static StreamProgram of(Plan plan, String compiledPlan) {
    return new StreamProgram(meaning(plan), parts(plan), compiledPlan);
  }

  /**
   * Reads what {@link #text} gave.
   *
   * @throws IOException if it is not that
   */
  static StreamProgram parse(String text) throws IOException {
    Properties properties = new Properties();
    properties.load(new StringReader(text));
    if (properties.getProperty(PLAN) == null) {
      throw new IOException("there is no plan in it");
    }
    return new StreamProgram(
        below(MEANING, properties), below(PART, properties), properties.getProperty(PLAN));
  }

  private static Map<String, String> below(String prefix, Properties properties) {
    Map<String, String> found = new TreeMap<>();
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith(prefix)) {
        found.put(name.substring(prefix.length()), properties.getProperty(name));
      }
    }
    return found;
  }

  /** It all, to be kept. */
  String text() {
    Properties properties = new Properties();
    meaning.forEach((key, value) -> properties.setProperty(MEANING + key, value));
    parts.forEach((key, value) -> properties.setProperty(PART + key, value));
    properties.setProperty(PLAN, compiledPlan);
    StringWriter text = new StringWriter();
    try {
      properties.store(text, null);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return text.toString();
  }

  private static Map<String, String> meaning(Plan plan) {
    Map<String, String> meaning = new TreeMap<>(plan.meaning());
    meaning.put("tables", String.join(",", plan.targets()));
    // Files that were read are known by their paths.
    meaning.put("input", plan.input());
    return meaning;
  }

  private static Map<String, String> parts(Plan plan) {
    Map<String, String> parts = new TreeMap<>();
    plan.views().forEach((name, query) -> parts.put("the job " + name, hash(query)));
    parts.put("the tables", hash(String.join("\n", plan.tables())));
    parts.put("the version of Flink", EnvironmentInformation.getVersion());
    return parts;
  }

  private static String hash(String sql) {
    String text =
        sql.lines()
            .map(String::strip)
            .filter(line -> !line.startsWith("--"))
            .collect(Collectors.joining(" "));
    return Integer.toHexString(text.hashCode());
  }

  /**
   * Makes sure that a plan means what this program does.
   *
   * @throws LakehouseException if it does not
   */
  void requireSameMeaning(Plan plan) {
    meaning(plan)
        .forEach(
            (key, value) -> {
              if (!value.equals(meaning.get(key))) {
                throw LakehouseException.usage(
                    "The streaming run that this one would go on from was begun with %s = %s, and now it is %s. Give that again, or --fresh to begin anew."
                        .formatted(key, meaning.get(key), value));
              }
            });
  }

  /**
   * The compiled plan that a run goes on with, which is this program's.
   *
   * @param compiled the run's own
   * @throws LakehouseException if that is another, and the former plan was not asked for
   */
  String resumed(Plan plan, String compiled, Resume resume) {
    if (resume != Resume.FORMER_PLAN && !compiledPlan.equals(compiled)) {
      throw changed(plan);
    }
    return compiledPlan;
  }

  /** What of a plan is another than in this program, by names. */
  Set<String> differences(Plan plan) {
    Map<String, String> now = parts(plan);
    Set<String> differing = new TreeSet<>(parts.keySet());
    differing.addAll(now.keySet());
    differing.removeIf(name -> Objects.equals(now.get(name), parts.get(name)));
    return differing;
  }

  /** Why a run of a plan does not go on from this program. */
  LakehouseException changed(Plan plan) {
    Set<String> differences = differences(plan);
    return LakehouseException.usage(
        "The program has changed since the streaming run was begun that this one would go on from: %s. Its state fits the former program only. Give --fresh to empty the tables and begin anew, --keep-plan to go on with the former program, or run the former program."
            .formatted(
                differences.isEmpty()
                    ? "not its jobs, but its functions or what Flink makes of them"
                    : String.join(", ", differences)));
  }
}
