package io.stedi.lakehouse.cli;

import io.stedi.lakehouse.check.CheckReport;
import io.stedi.lakehouse.check.LakeCheck;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.report.ReportPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code stedi report}: the lake as a page. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description =
        "Writes a page about the lake: flow, data, rejects, health and runs. It names nobody.")
final class ReportCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private LakeOptions lakeOptions;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      defaultValue = "report.html",
      description =
          "Write the page to this file, replacing an existing one (default: ${DEFAULT-VALUE}).")
  private Path output;

  @Option(names = "--check", description = "Also check the lake, and show the findings.")
  private boolean check;

  @Override
  public Integer call() throws IOException {
    CheckReport checked = null;
    try (LocalLake local = LocalLake.forReading(lakeOptions)) {
      if (check) {
        checked = new LakeCheck(local.settings(), local.lake()).run(null);
      }
      write(ReportPage.of(local.settings(), local.lake(), checked));
    }
    spec.commandLine().getOut().println(output);
    spec.commandLine().getOut().flush();
    return checked == null || checked.isClean() ? 0 : LakehouseException.Kind.DATA.exitCode();
  }

  /** Aside first, so that nobody looks at half a page. */
  private void write(String page) {
    Path file = output.toAbsolutePath();
    try {
      Path aside = Files.createTempFile(file.getParent(), ".report", ".tmp");
      try {
        Files.writeString(aside, page);
        Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(aside);
      }
    } catch (IOException e) {
      throw LakehouseException.system(
          "Cannot write the report %s (%s). Give another place with --output.".formatted(file, e),
          e);
    }
  }
}
