package io.stedi.lakehouse.cli;

import io.stedi.lakehouse.generate.SampleData;
import io.stedi.lakehouse.generate.SampleOptions;
import java.nio.file.Path;
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

  @Parameters(paramLabel = "DIR", description = "Folder to write; must not hold files yet.")
  private Path folder;

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

  @Override
  public Integer call() {
    spec.commandLine()
        .getOut()
        .println(SampleData.write(new SampleOptions(customers, seed, clean), folder).describe());
    return 0;
  }
}
