package io.stedi.lakehouse.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Does in a folder what the steps of a Dockerfile do in an image, for machines without Docker: the
 * folder stands for {@code FLINK_HOME} of the image that it starts from.
 */
public final class DockerImage {

  private DockerImage() {}

  /**
   * Builds an image from the project's root.
   *
   * @param home an existing folder that holds what the Flink image has and the steps need
   * @throws IOException if a step fails, or is of a kind that this does not know
   */
  public static void build(Path dockerfile, Path home) throws IOException, InterruptedException {
    StringBuilder arguments = new StringBuilder();
    for (String step : Files.readString(dockerfile).replace("\\\n", " ").split("\n")) {
      if (step.isBlank() || step.startsWith("#")) {
        continue;
      }
      String[] words = step.strip().split("\\s+", 2);
      switch (words[0]) {
        case "ARG" -> {
          if (words[1].contains("=")) {
            arguments.append(words[1]).append('\n');
          }
        }
        case "COPY" -> {
          String[] places = words[1].split("\\s+");
          shell(
              "%s mkdir -p %2$s && cp %3$s %2$s".formatted(arguments, places[1], places[0]), home);
        }
        case "RUN" -> shell(arguments + words[1], home);
        case "FROM", "USER" -> {}
        default -> throw new IOException("no such step here: " + step);
      }
    }
  }

  private static void shell(String command, Path home) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("bash", "-euc", command).redirectErrorStream(true);
    builder.environment().put("FLINK_HOME", home.toString());
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes());
    if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
      throw new IOException("%s: %s".formatted(command, output));
    }
  }
}
