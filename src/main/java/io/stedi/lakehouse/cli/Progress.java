package io.stedi.lakehouse.cli;

import java.io.PrintWriter;
import java.util.Map;

/** Says on standard error what is going on, one line at a time. */
final class Progress {

  /** Where Flink looks for what the reporter is told. */
  private static final String REPORTER = "flink.metrics.reporter.progress.";

  private final PrintWriter err;
  private final boolean quiet;

  Progress(PrintWriter err, boolean quiet) {
    this.err = err;
    this.quiet = quiet;
  }

  void say(String line) {
    if (!quiet) {
      err.println(Visible.line(line));
      err.flush();
    }
  }

  /**
   * Settings with which a job in this process tells how far it is: a line that changes on a
   * terminal, and elsewhere one now and then.
   *
   * @param bytes of the input that are to be read; 0 if that is not known
   */
  Map<String, String> reporting(long bytes) {
    if (quiet) {
      return Map.of();
    }
    boolean terminal = System.console() != null;
    return Map.of(
        REPORTER + "factory.class", ProgressReporterFactory.class.getName(),
        REPORTER + "interval", terminal ? "1 s" : "10 s",
        REPORTER + ProgressReporter.TERMINAL, String.valueOf(terminal),
        REPORTER + ProgressReporter.BYTES, String.valueOf(bytes));
  }
}
