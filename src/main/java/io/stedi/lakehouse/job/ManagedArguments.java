package io.stedi.lakehouse.job;

import com.amazonaws.services.kinesisanalytics.runtime.KinesisAnalyticsRuntime;
import io.stedi.lakehouse.failure.LakehouseException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/**
 * The arguments of a job in Amazon Managed Service for Apache Flink, which gives a program none: it
 * writes the application's property groups into a file. The group {@value #GROUP} is read; its
 * properties {@code command}, {@code conf}, {@code input}, {@code mode}, {@code only} and {@code
 * output} are options of these names, all others are settings.
 */
final class ManagedArguments {

  static final String GROUP = "stedi";

  private static final String COMMAND = "command";
  private static final Set<String> OPTIONS =
      Set.of("conf", "fresh", "input", "keep-plan", "mode", "only", "output");

  private ManagedArguments() {}

  /**
   * The arguments that the service gives this application; empty where there is no such service.
   *
   * @throws LakehouseException if the application has no group of the name
   */
  static Optional<List<String>> find() throws IOException {
    Map<String, Properties> groups = KinesisAnalyticsRuntime.getApplicationProperties();
    return groups.isEmpty() ? Optional.empty() : Optional.of(of(groups));
  }

  /** The arguments that property groups, by their ids, stand for. */
  static List<String> of(Map<String, Properties> groups) {
    Properties group = groups.get(GROUP);
    if (group == null) {
      throw LakehouseException.usage(
          "The application has no property group '%s'. Add one with the properties conf, input and mode; it has: %s."
              .formatted(GROUP, String.join(", ", new TreeSet<>(groups.keySet()))));
    }
    List<String> arguments = new ArrayList<>();
    arguments.add(group.getProperty(COMMAND, LakehouseJob.RUN));
    for (String name : new TreeSet<>(group.stringPropertyNames())) {
      String value = group.getProperty(name);
      if (OPTIONS.contains(name)) {
        arguments.add("--%s=%s".formatted(name, value));
      } else if (!name.equals(COMMAND)) {
        arguments.addAll(List.of("-D", name + "=" + value));
      }
    }
    return arguments;
  }
}
