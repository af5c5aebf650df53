package io.stedi.lakehouse.cli;

import io.stedi.lakehouse.files.PrivateFolder;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Sends the log of Flink, Iceberg and this program to a file. Must be called before the first class
 * with a logger is loaded: the logging library reads its configuration once.
 */
final class Logs {

  private Logs() {}

  static void toFile(Path folder) {
    try {
      PrivateFolder.ensure(folder);
    } catch (IOException e) {
      // Whoever writes to it says so.
    }
    System.setProperty("stedi.log.file", folder.resolve("logs").resolve("stedi.log").toString());
    System.setProperty("log4j2.configurationFile", "classpath:stedi-log4j2.properties");
  }
}
