package io.stedi.lakehouse.cli;

import io.stedi.lakehouse.config.Setting;
import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.files.RawInput;
import io.stedi.lakehouse.function.PseudonymKey;
import io.stedi.lakehouse.generate.SampleData;
import io.stedi.lakehouse.generate.SampleOptions;
import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.lake.LakeLock;
import io.stedi.lakehouse.pipeline.Pipeline;
import io.stedi.lakehouse.pipeline.RunMode;
import io.stedi.lakehouse.pipeline.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
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

  @Spec private CommandSpec spec;

  @Mixin private LakeOptions lakeOptions;

  @Option(
      names = "--input",
      paramLabel = "DIR|ZIP",
      description = "Raw files: a folder or a .zip (default: sample data, generated).")
  private String input;

  @Option(
      names = "--mode",
      defaultValue = "batch",
      description = "batch replaces the tables' content, streaming adds to it (default: batch).")
  private RunMode mode;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "TABLE",
      description = "Fills only these tables; what they read comes from the lake.")
  private Set<String> only = new LinkedHashSet<>();

  @Option(
      names = "--fresh",
      description = "Empties the tables first; streaming adds to none that hold rows already.")
  private boolean fresh;

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
      try (RawInput raw = RawInput.open(inputOrSample(folder, progress), scratch);
          Lake lake = lakeOptions.open(settings)) {
        progress.say("reading " + raw.describe());
        RunResult result = new Pipeline(settings, lake).run(mode, raw.root(), only, fresh);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        format.print(
            new RunSummary(mode, result, raw.ignored(), took, List.of(), raw.bytes(), 0),
            spec.commandLine().getOut());
      }
    }
    return 0;
  }

  private String inputOrSample(Path folder, Progress progress) {
    if (input != null) {
      return input;
    }
    Path sample = folder.resolve("sample");
    if (!Files.isDirectory(sample)) {
      progress.say("no --input: generating sample data in " + sample);
      SampleData.write(SampleOptions.DEFAULT, sample);
    }
    return sample.toString();
  }
}
