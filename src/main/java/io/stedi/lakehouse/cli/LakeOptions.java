package io.stedi.lakehouse.cli;

import io.stedi.lakehouse.config.Setting;
import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.lake.Lake;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options that say which lake a command works on and with which settings. */
final class LakeOptions {

  @Option(
      names = "--lake",
      paramLabel = "DIR",
      defaultValue = "lake",
      description = "Folder of the local lake (default: ${DEFAULT-VALUE}).")
  private Path lake;

  @Option(
      names = "--conf",
      paramLabel = "NAME|FILE",
      defaultValue = "local",
      description = "Environment, or a YAML file of settings (default: ${DEFAULT-VALUE}).")
  private String conf;

  @Option(
      names = "-D",
      paramLabel = "KEY=VALUE",
      description = "Sets one setting, over what the environment's file says.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  /** The lake's folder, absolute. */
  Path folder() {
    return lake.toAbsolutePath().normalize();
  }

  /** The settings of the environment with the overrides of the command line. */
  Settings settings() {
    Map<String, String> variables = new HashMap<>(System.getenv());
    variables.put("lake", folder().toString());
    return Settings.load(text(), "conf " + conf, overrides, variables);
  }

  Lake open(Settings settings) {
    return Lake.open(settings.catalogProperties(), settings.get(Setting.DATABASE));
  }

  private String text() {
    try {
      if (!conf.matches("[a-z0-9-]+")) {
        return Files.readString(Path.of(conf));
      }
      try (InputStream resource =
          LakeOptions.class.getResourceAsStream("/conf/" + conf + ".yaml")) {
        if (resource == null) {
          throw LakehouseException.usage(
              "There is no environment '%s' in conf/. Give one of those, or the path of a YAML file."
                  .formatted(conf));
        }
        return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      throw LakehouseException.usage(
          "Cannot read the settings file %s (%s). Check the path after --conf.".formatted(conf, e),
          e);
    }
  }
}
