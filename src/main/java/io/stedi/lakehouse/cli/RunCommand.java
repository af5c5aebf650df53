package io.stedi.lakehouse.cli;

import io.stedi.lakehouse.config.Setting;
import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.files.RawInput;
import io.stedi.lakehouse.generate.SampleData;
import io.stedi.lakehouse.generate.SampleOptions;
import io.stedi.lakehouse.lake.LakeSummary;
import io.stedi.lakehouse.pipeline.Pipeline;
import io.stedi.lakehouse.pipeline.PipelineRun;
import io.stedi.lakehouse.pipeline.Resume;
import io.stedi.lakehouse.program.RunMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.RestOptions;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code stedi run}: raw files in, all tables out. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Reads raw files and fills the tables of the lake.")
final class RunCommand implements Callable<Integer> {

  private static final int FIRST_UI_PORT = 8081;
  private static final int LAST_UI_PORT = 8180;

  @Spec private CommandSpec spec;

  @Mixin private LakeOptions lakeOptions;

  @Option(
      names = "--input",
      paramLabel = "DIR|ZIP|URI",
      description = "Raw files: a folder or a .zip (default: sample data, generated).")
  private String input;

  @Option(
      names = "--mode",
      defaultValue = "batch",
      description =
          "batch replaces the tables' content; streaming adds to it, until Ctrl-C stops it (default: batch).")
  private RunMode mode;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "TABLE",
      description = "Fills only these tables; what they read comes from the lake.")
  private Set<String> only = new LinkedHashSet<>();

  @ArgGroup private Former former = new Former();

  /** What becomes of the state of the run before; of these two options only one makes sense. */
  static final class Former {

    @Option(
        names = "--fresh",
        description =
            "In streaming: empties the tables and begins anew, in place of going on from where the last run was.")
    private boolean fresh;

    @Option(
        names = "--keep-plan",
        description =
            "In streaming: goes on as the last run was begun, though the program has changed since.")
    private boolean keepPlan;

    Resume resume() {
      if (fresh) {
        return Resume.FRESH;
      }
      return keepPlan ? Resume.FORMER_PLAN : Resume.SAME_PROGRAM;
    }
  }

  @Option(
      names = "--format",
      defaultValue = "table",
      description = "How the summary is printed: table or json (default: table).")
  private SummaryFormat format;

  @Option(
      names = "--ui",
      description = "Shows Flink's web UI meanwhile, to this machine and for reading only.")
  private boolean ui;

  @Option(
      names = {"-q", "--quiet"},
      description = "Says nothing but the summary.")
  private boolean quiet;

  @Override
  public Integer call() throws IOException {
    long start = System.nanoTime();
    Progress progress = new Progress(spec.commandLine().getErr(), quiet);
    if (ui) {
      showUi(progress);
    }
    try (LocalLake local = LocalLake.forWriting(lakeOptions, loader());
        RawInput raw = open(local, inputOrSample(local.folder(), progress))) {
      progress.say((raw.isWatched() ? "watching " : "reading ") + raw.describe());
      Pipeline pipeline = new Pipeline(settings(local, raw, progress), local.lake());
      PipelineRun run = pipeline.run(mode, raw.root(), only, former.resume());
      run.notices().forEach(progress::say);
      if (mode == RunMode.STREAMING && !raw.isTemporary()) {
        try (StopSignals stop = StopSignals.call(() -> stop(run, progress));
            BackgroundMaintenance maintenance =
                BackgroundMaintenance.of(local.lake(), local.settings(), pipeline.tables())) {
          run.await();
        }
      } else {
        run.await();
      }
      LakeSummary summary = run.summary();
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      format.print(
          new RunSummary(mode, summary, raw.ignored(), took, List.of(), raw.bytes(), 0),
          spec.commandLine().getOut());
    }
    return 0;
  }

  private void showUi(Progress progress) {
    int port = freePort();
    lakeOptions.preset("flink." + RestOptions.BIND_PORT.key(), String.valueOf(port));
    lakeOptions.preset("flink." + RestGuard.ACCESS.key(), RestGuard.Access.READ_ONLY.name());
    progress.say("web UI: http://localhost:" + port);
  }

  private static int freePort() {
    for (int port = FIRST_UI_PORT; port <= LAST_UI_PORT; port++) {
      try (ServerSocket socket = new ServerSocket(port, 0, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // Taken, so the next one.
      }
    }
    throw LakehouseException.usage(
        "None of the ports %d to %d is free for the web UI. Run without --ui, or end what listens there."
            .formatted(FIRST_UI_PORT, LAST_UI_PORT));
  }

  private LakeOptions.Loader loader() {
    return mode == RunMode.STREAMING ? Settings::forStreaming : Settings::onOneMachine;
  }

  private Settings settings(LocalLake local, RawInput raw, Progress progress) {
    // What a resumed run has read already, it does not read again.
    boolean readsAll = mode == RunMode.BATCH || raw.isTemporary();
    Settings settings =
        local
            .settings()
            .with(Setting.STREAMING_BOUNDED, String.valueOf(!raw.isWatched()))
            .and(progress.reporting(readsAll ? raw.bytes() : 0));
    // The next run would not find the files again that are named in the state.
    return raw.isTemporary()
        ? settings.with(Setting.STATE_FOLDER, local.scratch().resolve("state").toString())
        : settings;
  }

  private static void stop(PipelineRun run, Progress progress) {
    progress.say("stopping; once more ends it at once");
    if (!run.stop()) {
      progress.say(
          "no savepoint could be written; the next run goes on from the last checkpoint, if there is one");
    }
  }

  private RawInput open(LocalLake local, String place) {
    return mode.watches(local.settings()) ? local.watched(place) : local.input(place);
  }

  private String inputOrSample(Path folder, Progress progress) {
    if (input != null) {
      return input;
    }
    Path sample = folder.resolve("sample");
    if (!Files.isDirectory(sample)) {
      if (!only.isEmpty()) {
        throw LakehouseException.usage(
            "--only takes what its tables read from the lake, and fills the landing tables from --input. There is neither: give --input, or run without --only first.");
      }
      progress.say("no --input: generating sample data in " + sample);
      SampleData.write(SampleOptions.DEFAULT, sample);
    }
    return sample.toString();
  }
}
