package io.stedi.lakehouse.cli;

import java.io.PrintWriter;

/** Says on standard error what is going on, one line at a time. */
final class Progress {

  private final PrintWriter err;
  private final boolean quiet;

  Progress(PrintWriter err, boolean quiet) {
    this.err = err;
    this.quiet = quiet;
  }

  void say(String line) {
    if (!quiet) {
      err.println(line);
      err.flush();
    }
  }
}
