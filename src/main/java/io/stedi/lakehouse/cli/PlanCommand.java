package io.stedi.lakehouse.cli;

import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.files.Location;
import io.stedi.lakehouse.pipeline.Pipeline;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.script.Script;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code stedi plan}: the run as a script for Flink's SQL client. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = "Prints the run as plain Flink SQL, for Flink's own SQL client.")
final class PlanCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private LakeOptions lakeOptions;

  @Option(
      names = "--input",
      paramLabel = "DIR|URI",
      required = true,
      description = "Folder of raw files that the script reads.")
  private String input;

  @Option(
      names = "--mode",
      defaultValue = "batch",
      description = "batch or streaming (default: ${DEFAULT-VALUE}).")
  private RunMode mode;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "TABLE",
      description = "Fills only these tables; what they read comes from the lake.")
  private Set<String> only = new LinkedHashSet<>();

  @Option(
      names = "--fits",
      description =
          "Says in place of that whether a streaming run could go on from the state of the run before it, and exits with 3 if not.")
  private boolean fits;

  @Override
  public Integer call() throws IOException {
    if (fits) {
      return fits();
    }
    Settings settings = lakeOptions.settings();
    spec.commandLine()
        .getOut()
        .print(
            Script.of(
                settings,
                mode,
                Location.of(input).uri(),
                only,
                Map.of("lake", lakeOptions.folder().toString())));
    spec.commandLine().getOut().flush();
    return 0;
  }

  private int fits() throws IOException {
    Set<String> misfits;
    try (LocalLake local = LocalLake.forReading(lakeOptions)) {
      misfits =
          new Pipeline(local.settings(), local.lake()).misfits(Location.of(input).uri(), only);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        misfits.isEmpty()
            ? "the program is the one that the stream was begun with"
            : "the program has changed since the stream was begun: " + String.join(", ", misfits));
    out.flush();
    return misfits.isEmpty() ? 0 : LakehouseException.Kind.DATA.exitCode();
  }
}
