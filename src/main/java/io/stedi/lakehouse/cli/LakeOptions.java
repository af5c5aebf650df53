package io.stedi.lakehouse.cli;

import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.files.Location;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options that say which lake a command works on and with which settings. */
final class LakeOptions {

  /** Reads the settings of an environment. */
  interface Loader {
    Settings load(String environment, Map<String, String> overrides, Map<String, String> variables);
  }

  private static final String LOCAL = "local";

  @Option(
      names = "--lake",
      paramLabel = "DIR",
      defaultValue = "lake",
      description = "Folder of the local lake (default: ${DEFAULT-VALUE}).")
  private String lake;

  @Option(
      names = "--conf",
      paramLabel = "NAME|FILE|URI",
      defaultValue = LOCAL,
      description = "Environment, or a YAML file of settings (default: ${DEFAULT-VALUE}).")
  private String conf;

  @Option(
      names = "-D",
      paramLabel = "KEY=VALUE",
      description = "Sets one setting, over what the environment's file says.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  /** Sets one setting, unless the user has. */
  void preset(String key, String value) {
    overrides.putIfAbsent(key, value);
  }

  /**
   * The lake's folder, absolute.
   *
   * @throws LakehouseException if it is none of this machine
   */
  Path folder() {
    Location location = Location.of(lake);
    if (!location.isLocal()) {
      throw LakehouseException.usage(
          "--lake %s is no folder of this machine. Tables on S3 are in the environment that --conf names: --conf aws."
              .formatted(lake));
    }
    return location.localPath();
  }

  /** Whether all of the lake is in its folder. */
  boolean isLocal() {
    return conf.equals(LOCAL) && !overrides.containsKey("catalog.uri");
  }

  /** The settings of the environment with the overrides of the command line. */
  Settings settings() {
    return settings(Settings::onOneMachine);
  }

  /** The same, read by another of the methods of {@link Settings}. */
  Settings settings(Loader loader) {
    Map<String, String> variables = new HashMap<>(System.getenv());
    variables.put("lake", folder().toString());
    // Before anything that logs.
    Logs.toFile(folder());
    if (!Settings.isName(conf)) {
      // The file of settings may itself lie on one of them.
      FileSystems.setUp();
    }
    Settings settings = loader.load(conf, overrides, variables);
    FileSystems.setUp(settings);
    return settings;
  }
}
