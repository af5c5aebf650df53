package io.stedi.lakehouse.pipeline;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.config.Setting;
import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.failure.Causes;
import io.stedi.lakehouse.failure.Failures;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.files.Location;
import io.stedi.lakehouse.function.PseudonymKey;
import io.stedi.lakehouse.lake.CommittedBy;
import io.stedi.lakehouse.lake.ForgottenTable;
import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.lake.Lease;
import io.stedi.lakehouse.lake.StagedWrite;
import io.stedi.lakehouse.lake.TableContent;
import io.stedi.lakehouse.lake.TableEvolution;
import io.stedi.lakehouse.program.DistinctTtl;
import io.stedi.lakehouse.program.Plan;
import io.stedi.lakehouse.program.Planner;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.program.SqlProgram;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.PipelineOptionsInternal;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.CompiledPlan;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.PlanReference;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableException;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.api.config.ExecutionConfigOptions;
import org.apache.flink.table.api.config.TableConfigOptions;
import org.apache.flink.table.catalog.Catalog;
import org.apache.flink.table.catalog.ObjectPath;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.catalog.exceptions.TableNotExistException;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the program: raw files in, all tables out, as one Flink job. */
public final class Pipeline {

  /** The database of Flink's own catalog that holds the tables as they are declared. */
  private static final String DECLARED = "declared";

  private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

  private final SqlProgram program = SqlProgram.load();
  private final Settings settings;
  private final Lake lake;

  public Pipeline(Settings settings, Lake lake) {
    this.settings = requireNonNull(settings, "settings");
    this.lake = requireNonNull(lake, "lake");
  }

  /** The names of all tables. */
  public List<String> tables() {
    return List.copyOf(program.tables().keySet());
  }

  /**
   * Submits a run. In batch mode the tables' content is replaced when all of it is written; in
   * streaming mode rows are committed with each checkpoint, and a run that keeps its own state goes
   * on from where the last one was.
   *
   * @param input the folder of raw files
   * @param only the tables to fill; empty for all
   * @param resume what a streaming run does with the state of the run before it
   * @throws LakehouseException if the run cannot be started for a reason that its reader can act on
   */
  public PipelineRun run(RunMode mode, URI input, Set<String> only, Resume resume) {
    return run(mode, input, only, new Beginning(resume, ""));
  }

  /**
   * Submits the filling of tables, as {@link #run(RunMode, URI, Set, Resume)} does.
   *
   * @param beginning what a streaming run does with the state of the run before it
   */
  public PipelineRun run(RunMode mode, URI input, Set<String> only, Beginning beginning) {
    Plan plan = new Planner(program, settings).run(mode, input, only);
    boolean all = only.isEmpty() && (mode == RunMode.BATCH || beginning.isAnew());
    if (acceptsNewKey() && !all) {
      throw LakehouseException.usage(
          "%s changes every pseudonym, so that the run has to make all of them anew. Use it with --mode batch without --only, or with --mode streaming --fresh."
              .formatted(Setting.PSEUDONYM_ACCEPT_NEW_KEY.key()));
    }
    return mode == RunMode.BATCH ? replace(plan) : append(plan, beginning);
  }

  /**
   * What keeps a streaming run from going on from the state of the run before it; empty if nothing
   * that is known before its job is compiled.
   *
   * @param input the folder of raw files
   * @param only the tables to fill; empty for all
   * @throws LakehouseException if no stream has begun on the lake, or a setting that decides what
   *     the tables hold is another
   */
  public Set<String> misfits(URI input, Set<String> only) {
    Plan plan = new Planner(program, settings).run(RunMode.STREAMING, input, only);
    String folder = settings.get(Setting.STATE_FOLDER);
    StreamProgram former =
        StreamNotes.program(lake)
            .orElseGet(
                () -> {
                  if (folder.isEmpty()) {
                    throw LakehouseException.usage(
                        "No stream has begun on the lake %s, or it did not tell its program."
                            .formatted(lake.describe()));
                  }
                  return new StreamingState(Location.of(folder)).program();
                });
    former.requireSameMeaning(plan);
    return former.differences(plan);
  }

  /**
   * Submits the filling of the tables of the cleaned history and, if wanted, the writing of the
   * reduced data as raw files.
   *
   * @param input the folder of raw files
   * @param output the folder to write the reduced data into, which is empty; or null for none
   * @throws LakehouseException if it cannot be started for a reason that its reader can act on
   */
  public PipelineRun prepare(URI input, URI output) {
    return replace(new Planner(program, settings).prepare(input, output));
  }

  private PipelineRun replace(Plan plan) {
    return underLease(
        (lease, key) -> {
          TableEnvironment environment = environment(plan, key);
          StagedWrite staged = StagedWrite.begin(lake, plan.targets(), plan.command(), lease);
          try {
            JobClient job =
                submit(plan, () -> statements(environment, plan, lease, staged).execute());
            lease.handOver();
            return new PipelineRun(job, lake, plan, lease, staged, null, List.of());
          } catch (RuntimeException | Error e) {
            PipelineRun.abandon(staged, e);
            throw e;
          }
        });
  }

  private PipelineRun append(Plan plan, Beginning beginning) {
    return underLease(
        (lease, key) -> {
          requireCheckpoints(plan);
          StagedWrite.finishReady(lake, lease);
          String folder = settings.get(Setting.STATE_FOLDER);
          return folder.isEmpty()
              ? appendOnCluster(plan, lease, key, beginning)
              : append(
                  plan, lease, key, beginning.resume(), new StreamingState(Location.of(folder)));
        });
  }

  /**
   * The cluster knows what the job goes on from, if anything; with what program it was begun, the
   * lake does.
   */
  private PipelineRun appendOnCluster(
      Plan plan, Lease lease, Map<String, String> key, Beginning beginning) {
    boolean fresh = beginning.isAnew() && lease.mustBeginAnew(beginning.freshId(), goesOn(lease));
    // The program of a beginning that was cut off runs again, and no job of it has run yet.
    boolean goesOn = !fresh && goesOn(lease);
    StreamNotes notes = new StreamNotes(lake, lease);
    Optional<StreamProgram> former = goesOn ? StreamNotes.program(lake) : Optional.empty();
    if (goesOn) {
      notes.requireNotRolledBack(clusterConfiguration());
    }
    former.ifPresent(program -> program.requireSameMeaning(plan));
    TableEnvironment environment = environment(plan, key);
    String compiled = compile(environment, statements(environment, plan, lease, null));
    if (former.isPresent()) {
      compiled = former.get().resumed(plan, compiled, beginning.resume());
    }
    if (fresh) {
      StagedWrite.empty(lake, plan.targets(), plan.command(), lease);
    } else if (!goesOn) {
      plan.targets().forEach(table -> requireEmpty(lake, table, plan.command()));
    }
    if (!goesOn) {
      notes.begin(StreamProgram.of(plan, compiled));
    }
    if (fresh) {
      lease.hasBegunAnew(beginning.freshId());
    }
    // Flink finds an operator's state by the operator's number in the plan. Of a plan that has
    // changed, that could be another's; with this no number is the same, and Flink says so.
    environment
        .getConfig()
        .set(
            ExecutionConfigOptions.TABLE_EXEC_UID_FORMAT,
            "<id>_<transformation>_" + Integer.toHexString(compiled.hashCode()));
    JobClient job = submit(plan, load(environment, compiled)::execute);
    lease.handOver();
    return new PipelineRun(job, lake, plan, lease, null, null, List.of());
  }

  private PipelineRun append(
      Plan plan, Lease lease, Map<String, String> key, Resume resume, StreamingState state) {
    boolean fresh = resume == Resume.FRESH;
    Optional<StreamingState.Saved> saved = fresh ? Optional.empty() : state.newest();
    Map<String, String> configuration = new TreeMap<>(state.configuration());
    configuration.putAll(key);
    Optional<StreamProgram> former = saved.map(from -> state.program());
    former.ifPresent(program -> program.requireSameMeaning(plan));
    saved.ifPresent(
        from -> {
          CommittedBy writers = state.committedBy(from);
          plan.targets().forEach(table -> lake.table(table).ifPresent(writers::require));
          configuration.put(
              StateRecoveryOptions.SAVEPOINT_PATH.key(), from.place().uri().toString());
        });
    TableEnvironment environment = environment(plan, configuration);
    List<String> notices = new ArrayList<>();
    String compiled = compile(environment, statements(environment, plan, lease, null));
    if (saved.isPresent()) {
      notices.add("going on from checkpoint %d".formatted(saved.get().number()));
      String resumed = former.orElseThrow().resumed(plan, compiled, resume);
      if (!resumed.equals(compiled)) {
        notices.add(
            "the program has changed since the run was begun; it goes on with the plan of then");
        compiled = resumed;
      }
    } else {
      if (fresh) {
        notices.add(discarded(state));
        StagedWrite.empty(lake, plan.targets(), plan.command(), lease);
        notices.add("the tables were emptied; what they held can be read as former content");
      } else {
        plan.targets().forEach(table -> requireEmpty(lake, table, plan.command()));
      }
      state.begin(lease.run(), StreamProgram.of(plan, compiled));
    }
    CompiledPlan loaded = load(environment, compiled);
    saved.ifPresent(state::keepOnly);
    JobClient job = submit(plan, loaded::execute);
    lease.handOver();
    state.add(job.getJobID());
    return new PipelineRun(job, lake, plan, lease, null, state.savepoints(), notices);
  }

  private static String discarded(StreamingState state) {
    try {
      return state
          .newest()
          .map(saved -> "discarding the state up to checkpoint %d".formatted(saved.number()))
          .orElse("there is no state to discard");
    } catch (LakehouseException e) {
      // It is to go, and is not needed for that.
      LOG.warn("the state that is discarded cannot be read", e);
      return "discarding a state that cannot be read";
    }
  }

  /** What a state fits: the job's operators, with their numbers. */
  String compile(TableEnvironment environment, StatementSet statements) {
    // Else the plan holds the options of tables, such as the input's folder, and fits no others.
    environment
        .getConfig()
        .set(
            TableConfigOptions.PLAN_COMPILE_CATALOG_OBJECTS,
            TableConfigOptions.CatalogPlanCompilation.IDENTIFIER);
    try {
      String compiled = statements.compilePlan().asJsonString();
      return settings
          .duration(Setting.STATE_TTL)
          .map(ttl -> DistinctTtl.apply(compiled, ttl))
          .orElse(compiled);
    } catch (TableException | ValidationException e) {
      throw Failures.explain("The job cannot be started", e);
    }
  }

  private static CompiledPlan load(TableEnvironment environment, String compiledPlan) {
    try {
      return environment.loadPlan(PlanReference.fromJsonString(compiledPlan));
    } catch (TableException | ValidationException e) {
      throw LakehouseException.usage(
          "The program has changed so much that it cannot go on from the state of the former run (%s). Give --fresh to begin anew, or run the program that it was begun with."
              .formatted(Causes.summary(e)),
          e);
    }
  }

  /** Whether the job goes on where it was, and so with the rows that it has written. */
  private static boolean goesOn(Lease lease) {
    return lease.isResumed()
        || clusterConfiguration().contains(StateRecoveryOptions.SAVEPOINT_PATH);
  }

  /** Without checkpoints a streaming job would run, and commit nothing until its input ends. */
  private void requireCheckpoints(Plan plan) {
    Configuration configuration = new Configuration(clusterConfiguration());
    configuration.addAll(Configuration.fromMap(settings.flinkConfiguration()));
    configuration.addAll(Configuration.fromMap(plan.configuration()));
    if (!configuration.contains(CheckpointingOptions.CHECKPOINTING_INTERVAL)) {
      throw LakehouseException.usage(
          "Streaming commits rows with checkpoints, and there are none. Set execution.checkpointing.interval on the cluster, or give -D %s=1min."
              .formatted(Setting.CHECKPOINT_INTERVAL.key()));
    }
  }

  /** The configuration with which a job of this process is submitted, before its own is added. */
  public static Configuration clusterConfiguration() {
    return (Configuration) StreamExecutionEnvironment.getExecutionEnvironment().getConfiguration();
  }

  private boolean acceptsNewKey() {
    return Boolean.parseBoolean(settings.get(Setting.PSEUDONYM_ACCEPT_NEW_KEY));
  }

  /**
   * Starts a run, which gives the lease back when it has ended; so does this if it cannot start.
   *
   * @param start is given the lease, and the configuration by which tasks know the key
   */
  private PipelineRun underLease(BiFunction<Lease, Map<String, String>, PipelineRun> start) {
    Lease lease;
    try {
      lease = Lease.take(lake, runId());
    } catch (RuntimeException e) {
      throw Failures.explain("Cannot write to the lake " + lake.describe(), e);
    }
    try {
      PseudonymKey key = settings.pseudonymKey();
      String fingerprint = requireSameKey(lake, lease, key, acceptsNewKey());
      return start.apply(
          lease,
          new Configuration()
              .set(PipelineOptions.GLOBAL_JOB_PARAMETERS, settings.jobParameters(fingerprint))
              .toMap());
    } catch (RuntimeException | Error e) {
      lease.close();
      throw e;
    }
  }

  /**
   * Ties the lake to the pseudonym key.
   *
   * @return the fingerprint of the key that tasks have to have
   * @throws LakehouseException if the lake is tied to another key, or to none, and this process has
   *     none
   */
  public static String requireSameKey(Lake lake, Lease lease, PseudonymKey key, boolean acceptNew) {
    Optional<String> fingerprint = key.fingerprint();
    fingerprint
        .filter(given -> acceptNew)
        .ifPresent(given -> requireNobodyIsForgottenByAnother(lake, given));
    fingerprint.ifPresent(given -> lease.requireKey(given, acceptNew));
    return fingerprint
        .or(() -> Lease.keyFingerprint(lake))
        .orElseThrow(
            () ->
                LakehouseException.usage(
                    "This process has no pseudonym key, and no run has tied the lake to one yet. Give it the key for the first run, in the environment variable %s or by the setting %s."
                        .formatted(PseudonymKey.VARIABLE, Setting.PSEUDONYM_SECRET_ID.key())));
  }

  /** By another key nobody is recognised, and who is forgotten would be let in again. */
  private static void requireNobodyIsForgottenByAnother(Lake lake, String given) {
    long forgotten = ForgottenTable.read(lake).size();
    boolean another = Lease.keyFingerprint(lake).filter(tied -> !tied.equals(given)).isPresent();
    if (another && forgotten > 0) {
      throw LakehouseException.usage(
          "%,d accounts and devices are forgotten, which are recognised by the former pseudonym key only. Give that key back; or drop the table %s.%s, run, and forget the same people again with stedi forget --accounts FILE before anybody reads the tables."
              .formatted(forgotten, lake.database(), ForgottenTable.NAME));
    }
  }

  /**
   * The id of the run: that of its job where the cluster has fixed one. Then the program runs again
   * after a JobManager was lost, for the same job, and must be known as the same run.
   */
  private static String runId() {
    return clusterConfiguration()
        .getOptional(PipelineOptionsInternal.PIPELINE_FIXED_JOB_ID)
        .orElseGet(() -> UUID.randomUUID().toString());
  }

  /**
   * A table environment in which the lake and everything that the plan defines is registered.
   *
   * @param more configuration of Flink
   */
  TableEnvironment environment(Plan plan, Map<String, String> more) {
    Configuration configuration = Configuration.fromMap(settings.flinkConfiguration());
    plan.configuration().forEach(configuration::setString);
    more.forEach(configuration::setString);
    TableEnvironment environment =
        TableEnvironment.create(
            EnvironmentSettings.newInstance().withConfiguration(configuration).build());
    String home = environment.getCurrentCatalog();
    lake.register(Plan.CATALOG, environment);
    lake.ensureDatabase();
    environment.useCatalog(Plan.CATALOG);
    environment.useDatabase(lake.database());
    plan.tables().forEach(environment::executeSql);
    environment.useCatalog(home);
    evolve(environment, plan);
    plan.define(environment);
    plan.targets().forEach(table -> requireSameColumns(environment, table));
    return environment;
  }

  /** Makes the tables to fill what their definitions say, whichever version of these made them. */
  private void evolve(TableEnvironment environment, Plan plan) {
    String database = environment.getCurrentDatabase();
    environment.executeSql("CREATE DATABASE `%s`".formatted(DECLARED));
    environment.useDatabase(DECLARED);
    plan.tables().forEach(environment::executeSql);
    environment.useDatabase(database);
    Catalog catalog = environment.getCatalog(environment.getCurrentCatalog()).orElseThrow();
    for (String name : plan.targets()) {
      ResolvedCatalogTable declared;
      try {
        declared = (ResolvedCatalogTable) catalog.getTable(new ObjectPath(DECLARED, name));
      } catch (TableNotExistException e) {
        throw new IllegalStateException(e);
      }
      Map<String, String> properties = new TreeMap<>(lake.tableDefaults());
      properties.putAll(declared.getOptions());
      TableEvolution.apply(
          lake.table(name).orElseThrow(),
          FlinkSchemaUtil.convert(declared.getResolvedSchema()),
          declared.getPartitionKeys(),
          properties);
    }
  }

  /** The inserts of a plan, as one statement set. */
  StatementSet statementSet(TableEnvironment environment, Plan plan, String branch) {
    StatementSet statements = environment.createStatementSet();
    for (String table : plan.targets()) {
      statements.addInsertSql(Plan.insert(lake.database(), table, branch));
    }
    plan.outputs().forEach(output -> statements.addInsertSql(Plan.output(output)));
    return statements;
  }

  /** All that a job does. */
  private StatementSet statements(
      TableEnvironment environment, Plan plan, Lease lease, StagedWrite staged) {
    StatementSet statements =
        statementSet(environment, plan, staged == null ? null : staged.branch());
    RunConnector.add(
        environment,
        statements,
        JobRun.of(lease.run(), lake, plan, staged != null),
        plan.mode().watches(settings));
    return statements;
  }

  private static JobClient submit(Plan plan, Supplier<TableResult> job) {
    try {
      JobClient submitted = job.get().getJobClient().orElseThrow();
      LOG.info(
          "submitted job {} ({}): {}",
          submitted.getJobID(),
          plan.mode().lowerCaseName(),
          String.join(", ", plan.targets()));
      return submitted;
    } catch (TableException | ValidationException e) {
      throw Failures.explain("The job cannot be started", e);
    }
  }

  /** The input would be added to what is there, and nobody can tell whether it is in it already. */
  public static void requireEmpty(Lake lake, String name, String command) {
    if (TableContent.of(lake.table(name).orElseThrow(), command).dataFiles() > 0) {
      throw LakehouseException.usage(
          "The table %s holds rows already, and streaming would add the input to them. Give --fresh to replace them, or another lake."
              .formatted(name));
    }
  }

  /** Views feed tables by position, so their columns must be the same in name and order. */
  private void requireSameColumns(TableEnvironment environment, String table) {
    List<String> produced = environment.from(table).getResolvedSchema().getColumnNames();
    List<String> declared =
        environment
            .from("`%s`.`%s`.`%s`".formatted(Plan.CATALOG, lake.database(), table))
            .getResolvedSchema()
            .getColumnNames();
    if (!produced.equals(declared)) {
      throw LakehouseException.usage(
          "The table %s has the columns %s, but its job %s produces %s. Make them agree, in catalog/tables/%s.sql or in the job."
              .formatted(table, declared, table, produced, table));
    }
  }
}
