package io.stedi.lakehouse.cli;

import io.stedi.lakehouse.config.Settings;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;

/** Flink's file systems in this process. On a cluster Flink itself sets them up before a job. */
final class FileSystems {

  private FileSystems() {}

  /** Sets them up as the environment variables say, before there are settings. */
  static void setUp() {
    Map<String, String> variables = new HashMap<>(System.getenv());
    // No file system depends on the lake's folder, which other settings of Flink refer to.
    variables.put("lake", "");
    setUp(Settings.ofThisMachine(variables));
  }

  /** Sets them up as the settings say. */
  static void setUp(Settings settings) {
    // Without plugins: they are on the class path here.
    FileSystem.initialize(Configuration.fromMap(settings.flinkConfiguration()), null);
  }
}
