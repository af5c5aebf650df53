package io.stedi.lakehouse.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs {@code ./stedi} in a process of its own, from a folder that is not the checkout. */
public final class Stedi {

  private static final Duration DEADLINE = Duration.ofMinutes(4);

  /** What a command that ended left: its exit code and what it printed. */
  public record Result(int exitCode, String out, String err) {}

  private final Path folder;
  private final Map<String, String> environment;

  /**
   * @param folder where the process is started and its output kept
   */
  public Stedi(Path folder) {
    this(folder, Map.of());
  }

  /**
   * @param folder where the process is started and its output kept
   * @param environment variables to set for it
   */
  public Stedi(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = Map.copyOf(environment);
  }

  /** Runs a command to its end. */
  public Result run(String... arguments) throws IOException, InterruptedException {
    Process process = start(arguments);
    if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(
          "stedi %s did not end within %s; it printed: %s"
              .formatted(String.join(" ", arguments), DEADLINE, Files.readString(err())));
    }
    return new Result(process.exitValue(), Files.readString(out()), Files.readString(err()));
  }

  /** Starts a command. */
  public Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of("stedi").toAbsolutePath().toString());
    command.addAll(List.of(arguments));
    ProcessBuilder process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out().toFile())
            .redirectError(err().toFile());
    process.environment().putAll(environment);
    return process.start();
  }

  /** What the command that was started last has printed so far. */
  public String lastOut() throws IOException {
    return Files.readString(out());
  }

  /** What it has printed so far on the standard error. */
  public String lastErr() throws IOException {
    return Files.readString(err());
  }

  private Path out() {
    return folder.resolve("stdout.txt");
  }

  private Path err() {
    return folder.resolve("stderr.txt");
  }
}
