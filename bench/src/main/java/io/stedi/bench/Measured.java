package io.stedi.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a process took from its start to its end.
 *
 * @param seconds on the clock
 * @param cpuSeconds of all its threads
 * @param peakMegabytes of memory that it had resident at once
 */
record Measured(double seconds, double cpuSeconds, double peakMegabytes) {

  /** How often the process is looked at, in milliseconds; what it does after that is missed. */
  private static final long LOOK_MS = 50;

  /** The unit of times in Linux's /proc. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int LIMIT_MINUTES = 30;

  /**
   * Runs a process to its end. Needs Linux, whose /proc tells of it.
   *
   * @param log for what it prints
   * @throws IOException if it fails
   */
  static Measured run(List<String> command, Map<String, String> environment, Path log)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    long start = System.nanoTime();
    Process process = builder.start();
    Path proc = Path.of("/proc", Long.toString(process.pid()));
    double cpu = 0;
    double peak = 0;
    while (!process.waitFor(LOOK_MS, TimeUnit.MILLISECONDS)) {
      try {
        String stat = Files.readString(proc.resolve("stat"));
        // The name of the program, in parentheses, may hold blanks.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        cpu = (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
        for (String line : Files.readAllLines(proc.resolve("status"))) {
          if (line.startsWith("VmHWM:")) {
            peak = Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
          }
        }
      } catch (IOException e) {
        // It has ended in between.
        continue;
      }
      if (System.nanoTime() - start > TimeUnit.MINUTES.toNanos(LIMIT_MINUTES)) {
        process.destroyForcibly();
        throw new IOException("Not done after %d minutes: %s".formatted(LIMIT_MINUTES, command));
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (process.exitValue() != 0) {
      throw new IOException(
          "Exit code %d of %s. Its output is in %s.".formatted(process.exitValue(), command, log));
    }
    return new Measured(seconds, cpu, peak);
  }
}
