package io.stedi.lakehouse.cli;

import io.stedi.lakehouse.config.Setting;
import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.files.OutputFolder;
import io.stedi.lakehouse.files.RawInput;
import io.stedi.lakehouse.function.PseudonymKey;
import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.lake.LakeLock;
import io.stedi.lakehouse.pipeline.LakeQuery;
import io.stedi.lakehouse.pipeline.Pipeline;
import io.stedi.lakehouse.pipeline.RunMode;
import io.stedi.lakehouse.pipeline.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
      paramLabel = "DIR|ZIP",
      required = true,
      description = "The raw history: a folder or a .zip.")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Folder to write the reduced data to, as raw files; must not exist yet.")
  private Path output;

  @Option(names = "--overwrite", description = "Replaces the output folder if it exists.")
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
    Settings settings = lakeOptions.settings();
    Path folder = lakeOptions.folder();
    Progress progress = new Progress(spec.commandLine().getErr(), quiet);
    try (LakeLock lock = LakeLock.take(folder)) {
      Logs.toFile(folder);
      PseudonymKey.ensure(System.getenv(), Path.of(settings.get(Setting.PSEUDONYM_KEY_FILE)));
      Path scratch = folder.resolve("staging");
      RawInput.clear(scratch);
      try (RawInput raw = RawInput.open(input, scratch);
          Lake lake = lakeOptions.open(settings)) {
        progress.say("reading " + raw.describe());
        RunResult result = prepare(settings, lake, raw);
        progress.say("asking the published queries");
        List<RunSummary.Answer> answers = answers(new LakeQuery(settings, lake));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        format.print(
            new RunSummary(
                RunMode.BATCH, result, raw.ignored(), took, answers, raw.bytes(), reducedBytes()),
            spec.commandLine().getOut());
      }
    }
    return 0;
  }

  private RunResult prepare(Settings settings, Lake lake, RawInput raw) throws IOException {
    Pipeline pipeline = new Pipeline(settings, lake);
    if (output == null) {
      return pipeline.prepare(raw.root(), null);
    }
    try (OutputFolder folder =
        OutputFolder.begin(output, overwrite, OutputFolder.DEFAULT_FILE_BYTES)) {
      RunResult result = pipeline.prepare(raw.root(), folder.partial());
      folder.publish();
      return result;
    }
  }

  private static List<RunSummary.Answer> answers(LakeQuery query) {
    List<RunSummary.Answer> answers = new ArrayList<>();
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
    return answers;
  }

  private long reducedBytes() throws IOException {
    if (output == null) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(output)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
