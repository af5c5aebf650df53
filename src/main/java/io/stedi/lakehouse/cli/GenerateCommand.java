package io.stedi.lakehouse.cli;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.files.Location;
import io.stedi.lakehouse.generate.SampleData;
import io.stedi.lakehouse.generate.SampleOptions;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stedi generate}: sample data of our own. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description = "Writes sample data: invented people, realistic sensors, real kinds of dirt.")
final class GenerateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR|URI", description = "Folder to write; must not hold files yet.")
  private String folder;

  @Option(
      names = "--customers",
      defaultValue = "200",
      description = "How many people (default: ${DEFAULT-VALUE}).")
  private int customers;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "The same seed gives the same bytes (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--clean", description = "Without any dirt.")
  private boolean clean;

  @Option(
      names = "--history",
      description =
          "A raw history instead: every version of every account, unconnected and repeated"
              + " readings, thousands of small files beside a few large ones.")
  private boolean history;

  @Option(
      names = "--versions",
      description =
          "With --history: how many versions an account has on average (default: "
              + SampleOptions.DEFAULT_VERSIONS
              + ").")
  private Integer versions;

  @Override
  public Integer call() {
    if (versions != null && !history) {
      throw LakehouseException.usage("--versions is of no use without --history.");
    }
    OptionalInt historyVersions =
        history
            ? OptionalInt.of(versions == null ? SampleOptions.DEFAULT_VERSIONS : versions)
            : OptionalInt.empty();
    FileSystems.setUp();
    SampleOptions options = new SampleOptions(customers, seed, clean, historyVersions);
    spec.commandLine().getOut().println(SampleData.write(options, Location.of(folder)).describe());
    return 0;
  }
}
