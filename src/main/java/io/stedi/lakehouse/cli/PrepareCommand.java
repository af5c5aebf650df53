package io.stedi.lakehouse.cli;

import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.files.Location;
import io.stedi.lakehouse.files.Output;
import io.stedi.lakehouse.files.RawInput;
import io.stedi.lakehouse.lake.LakeSummary;
import io.stedi.lakehouse.pipeline.Pipeline;
import io.stedi.lakehouse.pipeline.PipelineRun;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.query.LakeQuery;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code stedi prepare}: the raw history in, the cleaned tables and the reduced data out. */
@Command(
    name = "prepare",
    mixinStandardHelpOptions = true,
    description =
        "Cleans a raw history, and reduces it to the current customers and the readings that connect.")
final class PrepareCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private LakeOptions lakeOptions;

  @Option(
      names = "--input",
      paramLabel = "DIR|ZIP|URI",
      required = true,
      description = "The raw history: a folder or a .zip.")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "DIR|URI",
      description = "Folder to write the reduced data to, as raw files; must not exist yet.")
  private String output;

  @Option(names = "--overwrite", description = "Replaces an output that prepare wrote.")
  private boolean overwrite;

  @Option(
      names = "--format",
      defaultValue = "table",
      description = "How the summary is printed: table or json (default: table).")
  private SummaryFormat format;

  @Option(
      names = {"-q", "--quiet"},
      description = "Says nothing but the summary.")
  private boolean quiet;

  @Override
  public Integer call() throws IOException {
    long start = System.nanoTime();
    Progress progress = new Progress(spec.commandLine().getErr(), quiet);
    try (LocalLake local = LocalLake.forWriting(lakeOptions, Settings::onOneMachine);
        RawInput raw = local.input(input);
        Output reduced = Output.begin(output == null ? null : Location.of(output), overwrite)) {
      progress.say("reading " + raw.describe());
      PipelineRun run =
          new Pipeline(local.settings().and(progress.reporting(raw.bytes())), local.lake())
              .prepare(raw.root(), reduced.partial());
      run.await();
      long reducedBytes = reduced.publish();
      LakeSummary summary = run.summary();
      progress.say("asking the published queries");
      List<RunSummary.Answer> answers = answers(local);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      format.print(
          new RunSummary(
              RunMode.BATCH, summary, raw.ignored(), took, answers, raw.bytes(), reducedBytes),
          spec.commandLine().getOut());
    }
    return 0;
  }

  private static List<RunSummary.Answer> answers(LocalLake local) {
    List<RunSummary.Answer> answers = new ArrayList<>();
    try (LakeQuery query = LakeQuery.onOneCluster(local.settings(), local.lake())) {
      LakeQuery.published()
          .forEach(
              (name, sql) -> {
                long start = System.nanoTime();
                LakeQuery.Measured measured = query.measured(sql);
                answers.add(
                    new RunSummary.Answer(
                        name,
                        measured.columns(),
                        measured.rows(),
                        Duration.ofNanos(System.nanoTime() - start),
                        measured.bytes()));
              });
    }
    return answers;
  }
}
