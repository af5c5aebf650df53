package io.stedi.lakehouse.pipeline;

/** The two ways to run the same SQL. */
public enum RunMode {
  /** Reads all input and replaces the content of the tables. */
  BATCH,
  /** Reads the input as a stream and commits with every checkpoint. */
  STREAMING;

  /** The name in commands and in Flink's {@code execution.runtime-mode}. */
  public String lowerCaseName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
