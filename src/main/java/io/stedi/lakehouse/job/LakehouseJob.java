package io.stedi.lakehouse.job;

import io.stedi.lakehouse.config.Setting;
import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.files.Location;
import io.stedi.lakehouse.files.Output;
import io.stedi.lakehouse.files.RawInput;
import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.maintain.Forgetting;
import io.stedi.lakehouse.maintain.Maintenance;
import io.stedi.lakehouse.pipeline.Beginning;
import io.stedi.lakehouse.pipeline.Pipeline;
import io.stedi.lakehouse.pipeline.PipelineRun;
import io.stedi.lakehouse.pipeline.Resume;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.program.SqlProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.PipelineOptionsInternal;
import org.apache.flink.util.TimeUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The entry point on a cluster. The first argument is {@code run}, which may be left out, or {@code
 * prepare}, {@code maintain} or {@code forget}. Flink's own entry points, which take options of the
 * same names for theirs, need the word to stand there. Without any argument they come from the
 * properties of the managed application, as {@link ManagedArguments} reads them.
 *
 * <p>A job needs nobody to wait for it: it holds the lake's lease and publishes by itself. It is
 * waited for where whoever submits it wants to know how it ends ({@code flink run} without {@code
 * --detached}), and where there is something to do afterwards: the output of {@code prepare}
 * appears when the job has ended.
 */
@Command(
    name = "stedi-lakehouse",
    description = "Submits the lakehouse as one Flink job.",
    subcommands = {
      LakehouseJob.Run.class,
      LakehouseJob.Prepare.class,
      LakehouseJob.Maintain.class,
      LakehouseJob.Forget.class
    })
public final class LakehouseJob {

  /** The command unless another is named. */
  static final String RUN = "run";

  private static final Logger LOG = LoggerFactory.getLogger(LakehouseJob.class);

  private LakehouseJob() {}

  /**
   * Submits the job that the arguments ask for.
   *
   * @throws LakehouseException if the arguments, a setting or the input is wrong, or the job fails
   *     for a reason that its reader can act on
   * @throws IOException if a file system fails
   */
  public static void main(String... args) throws IOException {
    try {
      ParseResult parsed =
          new CommandLine(new LakehouseJob())
              .setCaseInsensitiveEnumValuesAllowed(true)
              .parseArgs(complete(List.of(args)).toArray(String[]::new));
      ((Subcommand) parsed.subcommand().commandSpec().userObject()).call();
    } catch (ParameterException e) {
      throw LakehouseException.usage(e.getMessage(), e);
    }
  }

  private static List<String> complete(List<String> arguments) throws IOException {
    if (arguments.isEmpty()) {
      return ManagedArguments.find()
          .orElseThrow(
              () ->
                  LakehouseException.usage(
                      "Say what to do: run (or nothing), prepare, maintain or forget, and --conf, --input and, to run, --mode."));
    }
    if (!arguments.get(0).startsWith("-")) {
      return arguments;
    }
    List<String> run = new ArrayList<>(List.of(RUN));
    run.addAll(arguments);
    return run;
  }

  /**
   * Whether the program is to end with the job: if it was submitted so, and if the job runs in this
   * very process.
   */
  private static boolean isWaitedFor() {
    Configuration cluster = Pipeline.clusterConfiguration();
    return cluster.get(DeploymentOptions.ATTACHED)
        || cluster
            .getOptional(DeploymentOptions.TARGET)
            .filter(target -> !target.equals("local"))
            .isEmpty();
  }

  /** What is done. */
  private interface Subcommand {

    void call() throws IOException;
  }

  /** The options that say with which settings. */
  private static final class Environment {

    @Option(
        names = "--conf",
        paramLabel = "NAME|URI",
        required = true,
        description = "Environment, or a YAML file of settings.")
    private String conf;

    @Option(names = "-D", paramLabel = "KEY=VALUE", description = "Sets one setting.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    Settings settings() {
      return Settings.onCluster(conf, overrides, System.getenv());
    }
  }

  /** What is told to those that submit a job. */
  private abstract static class Submission implements Subcommand {

    @Mixin private Environment environment;

    @Option(
        names = "--input",
        paramLabel = "URI",
        required = true,
        description = "Folder of raw files that all machines of the cluster can read.")
    private String input;

    @Override
    public void call() throws IOException {
      Settings settings = environment.settings();
      try (Lake lake = Lake.open(settings.catalogProperties(), settings.get(Setting.DATABASE));
          RawInput raw =
              watches(settings)
                  ? RawInput.watch(input, settings.fileKinds(), null)
                  : RawInput.open(input, settings.fileKinds(), null)) {
        submit(new Pipeline(settings, lake), raw);
      }
    }

    /** Whether files that come later are read as well. */
    boolean watches(Settings settings) {
      return false;
    }

    /** Submits the job, and waits for it where that is wanted. */
    abstract void submit(Pipeline pipeline, RawInput raw) throws IOException;
  }

  /** {@code run}: raw files in, all tables out. */
  @Command(name = RUN)
  static final class Run extends Submission {

    @Option(
        names = "--mode",
        required = true,
        description = "batch replaces the tables' content, streaming adds to it.")
    private RunMode mode;

    @Option(
        names = "--only",
        split = ",",
        paramLabel = "TABLE",
        description = "Fills only these tables; what they read comes from the lake.")
    private Set<String> only = new LinkedHashSet<>();

    @Option(
        names = "--fresh",
        paramLabel = "ID",
        defaultValue = "",
        description =
            "In streaming: empties the tables and begins anew, once for each id, such as today's date.")
    private String fresh;

    @Option(
        names = "--keep-plan",
        arity = "0..1",
        fallbackValue = "true",
        defaultValue = "false",
        description =
            "In streaming: goes on as the stream was begun, though the program has changed since.")
    private boolean keepPlan;

    @Override
    boolean watches(Settings settings) {
      return mode.watches(settings);
    }

    @Override
    void submit(Pipeline pipeline, RawInput raw) {
      PipelineRun run = pipeline.run(mode, raw.root(), only, beginning());
      if (isWaitedFor()) {
        run.await();
      }
    }

    private Beginning beginning() {
      if (!fresh.isBlank() && keepPlan) {
        throw LakehouseException.usage("--fresh and --keep-plan exclude each other.");
      }
      if (!fresh.isBlank()) {
        return new Beginning(Resume.FRESH, fresh);
      }
      return new Beginning(keepPlan ? Resume.FORMER_PLAN : Resume.SAME_PROGRAM, "");
    }
  }

  /** {@code prepare}: the raw history in, the cleaned tables and the reduced data out. */
  @Command(name = "prepare")
  static final class Prepare extends Submission {

    @Option(
        names = "--output",
        paramLabel = "URI",
        description = "Folder to write the reduced data to, as raw files.")
    private String output;

    @Option(names = "--overwrite", description = "Replaces a former output.")
    private boolean overwrite;

    @Override
    void submit(Pipeline pipeline, RawInput raw) throws IOException {
      if (output != null
          && Pipeline.clusterConfiguration()
              .contains(PipelineOptionsInternal.PIPELINE_FIXED_JOB_ID)) {
        // The second program would make its output appear, and the job write to the first one's.
        throw LakehouseException.usage(
            "In an application whose program runs again after the loss of a JobManager, prepare takes no --output. Submit it with flink run to a session cluster.");
      }
      try (Output reduced = Output.begin(output == null ? null : Location.of(output), overwrite)) {
        PipelineRun run = pipeline.prepare(raw.root(), reduced.partial());
        if (output != null || isWaitedFor()) {
          run.await();
        }
        reduced.publish();
      }
    }
  }

  /** {@code maintain}: a pass of maintenance in this process, which submits no job. */
  @Command(name = "maintain")
  static final class Maintain implements Subcommand {

    @Mixin private Environment environment;

    @Override
    public void call() throws IOException {
      Settings settings = environment.settings();
      List<String> tables = new ArrayList<>(SqlProgram.load().tables().keySet());
      tables.addAll(Maintenance.ownTables());
      List<String> failed = new ArrayList<>();
      try (Lake lake = Lake.open(settings.catalogProperties(), settings.get(Setting.DATABASE))) {
        for (Maintenance.Result result :
            new Maintenance(lake, settings.maintenance())
                .run(tables, done -> LOG.info("maintained: {}", done))) {
          if (result.failure() != null) {
            failed.add(result.failure().getMessage());
          }
        }
      }
      if (!failed.isEmpty()) {
        throw LakehouseException.system(String.join(" ", failed), null);
      }
    }
  }

  /** {@code forget}: erases people in this process, which submits no job. */
  @Command(name = "forget")
  static final class Forget implements Subcommand {

    @Mixin private Environment environment;

    @Option(
        names = "--accounts",
        paramLabel = "URI",
        description = "A file of addresses, one a line; none to go on with those of before.")
    private String accounts;

    @Option(
        names = "--wait",
        paramLabel = "DURATION",
        defaultValue = "5min",
        description = "For how long a run that writes to the lake is waited for.")
    private String wait;

    @Override
    public void call() throws IOException {
      Settings settings = environment.settings();
      Set<String> people =
          accounts == null ? Set.of() : Forgetting.addresses(Location.of(accounts).readText());
      Forgetting.Receipt receipt;
      try (Lake lake = Lake.open(settings.catalogProperties(), settings.get(Setting.DATABASE))) {
        receipt =
            Forgetting.of(
                    lake,
                    settings.maintenance(),
                    settings.pseudonymKey(),
                    SqlProgram.load().tables().keySet())
                .run(
                    people,
                    TimeUtils.parseDuration(wait),
                    step -> LOG.info("forgetting: {}", step));
      }
      LOG.info("receipt: {}", receipt);
      if (!receipt.isDone()) {
        throw LakehouseException.system(String.join(" ", receipt.left()), null);
      }
    }
  }
}
