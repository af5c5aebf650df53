package io.stedi.lakehouse.cli;

import io.stedi.lakehouse.failure.Causes;
import io.stedi.lakehouse.failure.Failures;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.lake.Version;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The program's entry point. */
@Command(
    name = "stedi",
    mixinStandardHelpOptions = true,
    version = "stedi-lakehouse " + Version.NUMBER,
    description = "Turns raw JSON sensor data into Iceberg tables with Flink SQL.",
    subcommands = {
      RunCommand.class,
      PrepareCommand.class,
      QueryCommand.class,
      CheckCommand.class,
      MaintainCommand.class,
      ForgetCommand.class,
      ReportCommand.class,
      RollbackCommand.class,
      PlanCommand.class,
      GenerateCommand.class,
    },
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:done",
      "1:a fault of this program",
      "2:the command, a setting or a query is wrong",
      "3:the input is missing, unreadable or not what it should be, or a check found something",
      "4:the machine or a service failed",
    })
public final class Main {

  private static final int EXIT_FAULT = 1;

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of a failure.")
  private boolean stackTrace;

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    // Flink formats sizes for this locale and then parses them, which fails where digits are
    // others.
    Locale.setDefault(Locale.ROOT);
    PrintWriter err = new PrintWriter(System.err, true);
    int exitCode = run(new StandardOutput(), err, args);
    // Flink leaves threads behind that are no daemons.
    System.exit(exitCode);
  }

  /** Runs one command and returns its exit code, which tells, too, if its output is not whole. */
  static int run(StandardOutput standardOutput, PrintWriter err, String... args) {
    PrintWriter out = standardOutput.writer();
    int exitCode = run(out, err, args);
    out.flush();
    Optional<IOException> failure = standardOutput.failure();
    failure.ifPresent(
        e ->
            err.println(
                "error: The standard output cannot be written (%s), and what was printed is not whole."
                    .formatted(e.getMessage())));
    return failure.isPresent() && exitCode == 0
        ? LakehouseException.Kind.SYSTEM.exitCode()
        : exitCode;
  }

  /** Runs one command and returns its exit code. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    Main main = new Main();
    try {
      return new CommandLine(main)
          .setOut(out)
          .setErr(err)
          .setCaseInsensitiveEnumValuesAllowed(true)
          .setUsageHelpAutoWidth(true)
          .setExecutionExceptionHandler((failure, command, parsed) -> main.report(failure, err))
          .execute(Stream.of(args).map(Main::notAnOption).toArray(String[]::new));
    } catch (Error e) {
      // Hadoop's file system reports a full disk so.
      return main.report(e, err);
    }
  }

  /** A query that begins with a comment begins as an option does, and no option has spaces. */
  private static String notAnOption(String argument) {
    return argument.matches("(?s)--(\\s.*|.*\n.*)") ? ' ' + argument : argument;
  }

  /** Says what went wrong and returns the exit code for it. */
  private int report(Throwable failure, PrintWriter err) {
    if (stackTrace) {
      failure.printStackTrace(err);
    }
    return Failures.known(failure)
        .map(
            known -> {
              err.println("error: " + Visible.lines(known.getMessage()));
              return known.kind().exitCode();
            })
        .orElseGet(
            () -> {
              err.println(
                  "error: %s. This is a fault of the program; --stacktrace shows where."
                      .formatted(Visible.lines(Causes.summary(failure))));
              return EXIT_FAULT;
            });
  }
}
