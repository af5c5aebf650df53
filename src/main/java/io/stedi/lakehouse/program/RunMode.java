package io.stedi.lakehouse.program;

import io.stedi.lakehouse.config.Setting;
import io.stedi.lakehouse.config.Settings;

/** The two ways to run the same SQL. */
public enum RunMode {
  /** Reads all input and replaces the content of the tables. */
  BATCH,
  /** Reads the input as a stream and commits with every checkpoint. */
  STREAMING;

  /** Whether a run in this mode goes on reading files that come after it began. */
  public boolean watches(Settings settings) {
    return this == STREAMING && !Boolean.parseBoolean(settings.get(Setting.STREAMING_BOUNDED));
  }

  /** The name in commands and in Flink's {@code execution.runtime-mode}. */
  public String lowerCaseName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
