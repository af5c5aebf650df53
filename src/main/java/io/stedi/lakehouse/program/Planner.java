package io.stedi.lakehouse.program;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.config.Setting;
import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.failure.LakehouseException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;

/**
 * Orders the program's statements by the names that they read. Every job becomes a temporary view
 * under its table's bare name, so that one job reads another's rows as they flow, and each source
 * is read once for all of them.
 */
public final class Planner {

  /** The view of the places in raw files of those who are forgotten. */
  public static final String FORGOTTEN_RECORD = "forgotten_record";

  /** Between two looks of a stream at who is forgotten. */
  private static final Duration FORGOTTEN_INTERVAL = Duration.ofSeconds(10);

  private final SqlProgram program;
  private final Settings settings;

  public Planner(SqlProgram program, Settings settings) {
    this.program = requireNonNull(program, "program");
    this.settings = requireNonNull(settings, "settings");
  }

  /**
   * Plans a run.
   *
   * @param input the folder of raw files
   * @param only the tables to fill, which read the others from the lake; empty for all
   * @throws LakehouseException if there is no such table, or jobs read each other in a circle
   */
  public Plan run(RunMode mode, URI input, Set<String> only) {
    return plan(
        mode,
        FileVariables.of(input, settings.fileKinds()),
        only.isEmpty() ? Selection.pipeline(program) : Selection.only(program, only));
  }

  /**
   * Plans the filling of the tables of the cleaned history.
   *
   * @param input the folder of raw files
   * @param output the folder to write the reduced data into as raw files; null for none
   * @throws LakehouseException if jobs read each other in a circle
   */
  public Plan prepare(URI input, URI output) {
    return plan(
        RunMode.BATCH,
        FileVariables.of(input, settings.fileKinds(), output),
        Selection.history(program, output != null));
  }

  /**
   * Plans what the tables of a run should hold, by what raw files gave to those at its beginning.
   *
   * @param input the folder of raw files, if they are read as well; null if not
   * @param landed the tables that hold what raw files gave
   * @param snapshots of which snapshots these are read
   */
  public Plan check(URI input, Set<String> landed, Map<String, Long> snapshots) {
    return plan(
        RunMode.BATCH,
        input == null ? Map.of() : FileVariables.of(input, settings.fileKinds()),
        Selection.check(program, landed, snapshots, input != null));
  }

  /**
   * Plans to look for those who are forgotten in raw files; the view is {@link #FORGOTTEN_RECORD}.
   *
   * @param input the folder of raw files
   */
  public Plan forgottenRecords(URI input) {
    return plan(
        RunMode.BATCH, FileVariables.of(input, settings.fileKinds()), Selection.forgottenRecords());
  }

  /**
   * @param files what the {@code ${input...}} and {@code ${output...}} variables stand for
   */
  private Plan plan(RunMode mode, Map<String, String> files, Selection selection) {
    Map<String, String> variables = variables(mode, files);
    variables.put("command", selection.command());
    Views views = new Views(program.in(mode), selection, variables);
    Set<String> targets = new LinkedHashSet<>(selection.tables());
    targets.addAll(selection.outputs());
    for (String target : targets) {
      views.add(target, new LinkedHashSet<>());
    }
    List<String> tables =
        program.tables().values().stream().map(file -> file.statement(variables)).toList();
    List<String> definitions = new ArrayList<>();
    program.functions().values().forEach(file -> definitions.add(file.statement(variables)));
    views.sources.forEach(
        name -> definitions.add(program.sources().get(name).statement(variables)));
    if (!selection.outputs().isEmpty()) {
      definitions.add("CREATE DATABASE `%s`".formatted(Plan.OUTPUT));
    }
    for (String output : selection.outputs()) {
      definitions.add(program.outputs().get(output).statement(variables));
    }
    return new Plan(
        selection.command(),
        mode,
        configuration(selection.command(), mode),
        meaning(),
        files.get(FileVariables.INPUT),
        tables,
        definitions,
        views.queries,
        views.queries.keySet().stream().filter(selection.tables()::contains).toList(),
        views.queries.keySet().stream().filter(selection.outputs()::contains).toList());
  }

  /** The views that a plan needs, and the sources below them. */
  private final class Views {

    private final SqlProgram program;
    private final Selection selection;
    private final Map<String, String> variables;

    /** The query of each view, each after those of what it reads. */
    private final Map<String, String> queries = new LinkedHashMap<>();

    private final Set<String> sources = new LinkedHashSet<>();

    Views(SqlProgram program, Selection selection, Map<String, String> variables) {
      this.program = program;
      this.selection = selection;
      this.variables = variables;
    }

    /**
     * Adds the view of a job after the views of what it reads.
     *
     * @param path the jobs that are being added, each read by the one before
     */
    void add(String name, Set<String> path) {
      if (queries.containsKey(name)) {
        return;
      }
      if (program.sources().containsKey(name)) {
        sources.add(name);
        return;
      }
      if (!path.add(name)) {
        throw LakehouseException.usage(
            "The jobs read each other in a circle: %s -> %s."
                .formatted(String.join(" -> ", path), name));
      }
      queries.put(
          name,
          selection.fromLake().contains(name)
              ? Plan.stored(database(), name, selection.snapshots().get(name))
              : query(name, path));
      path.remove(name);
    }

    /** The query of a job; adds the views of what it reads. */
    String query(String name, Set<String> path) {
      SqlFile job = program.jobs().get(name);
      program.readBy(job).forEach(read -> add(read, path));
      return job.statement(variables);
    }
  }

  private String database() {
    return settings.get(Setting.DATABASE);
  }

  private Map<String, String> variables(RunMode mode, Map<String, String> files) {
    Map<String, String> variables = new TreeMap<>();
    variables.put(
        Setting.MONITOR_INTERVAL.key(),
        mode.watches(settings) ? settings.get(Setting.MONITOR_INTERVAL) : "0 s");
    variables.put(
        "forgotten.monitor-interval",
        mode.watches(settings) ? FORGOTTEN_INTERVAL.toSeconds() + " s" : "0 s");
    variables.put(Setting.SETTLE_TIME.key(), settings.get(Setting.SETTLE_TIME));
    variables.putAll(meaning());
    variables.put(
        Setting.MACHINE_LEARNING_TOLERANCE.key(), String.valueOf(settings.tolerance().toMillis()));
    // As Flink says it that something is kept for ever.
    variables.put(
        Setting.STATE_TTL.key(),
        settings.duration(Setting.STATE_TTL).orElse(Duration.ZERO).toMillis() + " ms");
    files.forEach((key, value) -> variables.put(key, value.replace("'", "''")));
    return variables;
  }

  private Map<String, String> meaning() {
    Map<String, String> meaning = new TreeMap<>(settings.meaning());
    for (Setting setting : List.of(Setting.STATE_TTL, Setting.STREAMING_BOUNDED)) {
      meaning.put(setting.key(), settings.get(setting));
    }
    return meaning;
  }

  private Map<String, String> configuration(String command, RunMode mode) {
    Map<String, String> configuration = new TreeMap<>();
    configuration.put("execution.runtime-mode", mode.lowerCaseName());
    // Else it is the list of all tables, which user interfaces and metrics repeat.
    configuration.put("pipeline.name", "stedi-%s-%s".formatted(command, mode.lowerCaseName()));
    // Times are instants. In UTC their text form, which orders customer versions, is unambiguous,
    // and so is what a clock shows, by which readings are told apart.
    configuration.put("table.local-time-zone", "UTC");
    // Plans what several tables read as a unit of its own. Otherwise each reader's filters and
    // columns are pushed into its own copy, and raw files are read, and readings joined, several
    // times.
    configuration.put("table.optimizer.reuse-optimize-block-with-digest-enabled", "true");
    settings
        .parallelism()
        .ifPresent(tasks -> configuration.put("parallelism.default", String.valueOf(tasks)));
    configuration.putAll(
        new Configuration()
            .set(PipelineOptions.GLOBAL_JOB_PARAMETERS, settings.jobParameters(""))
            .toMap());
    if (mode == RunMode.STREAMING) {
      settings
          .duration(Setting.CHECKPOINT_INTERVAL)
          .ifPresent(
              interval ->
                  configuration.put(
                      "execution.checkpointing.interval", interval.toMillis() + " ms"));
    }
    return configuration;
  }
}
