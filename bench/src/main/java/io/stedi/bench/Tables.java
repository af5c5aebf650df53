package io.stedi.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The tables that a contestant wrote, read by DuckDB from their data files, whoever wrote them.
 *
 * @param contents counts and sums of each table
 * @param bytes of all data files
 * @param files how many
 */
record Tables(Map<String, String> contents, long bytes, long files) {

  /** What must agree in each table: its number of rows, and sums of columns that all have. */
  private static final Map<String, String> SUMS =
      Map.of(
          "customer_landing", "count(*), sum(epoch_ms(registrationdate::TIMESTAMP))",
          "accelerometer_landing",
              "count(*), round(sum(x + y + z)), sum(epoch_ms(\"timestamp\"::TIMESTAMP))",
          "step_trainer_landing",
              "count(*), sum(distancefromobject), sum(epoch_ms(sensorreadingtime::TIMESTAMP))",
          "customer_trusted", "count(*), sum(epoch_ms(lastupdatedate::TIMESTAMP))",
          "accelerometer_trusted",
              "count(*), round(sum(x + y + z)), count(DISTINCT account)",
          "customer_curated", "count(*), sum(epoch_ms(lastupdatedate::TIMESTAMP))",
          "step_trainer_trusted", "count(*), sum(distancefromobject), count(DISTINCT device)",
          "machine_learning_curated",
              "count(*), sum(distancefromobject), round(sum(x + y + z)), count(*) FILTER (device_matched),"
                  + " count(DISTINCT customer_id), count(DISTINCT device_id)");

  /**
   * Reads the tables below a folder. Each is a folder named after it, perhaps with more behind.
   *
   * @throws IOException if one is missing
   */
  static Tables in(Path folder) throws IOException, SQLException {
    Map<String, String> contents = new TreeMap<>();
    long bytes = 0;
    long files = 0;
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      for (Map.Entry<String, String> table : SUMS.entrySet()) {
        Path data;
        try (Stream<Path> found = Files.list(folder)) {
          data =
              found
                  .filter(path -> path.getFileName().toString().matches(table.getKey() + "(-.*)?"))
                  .findFirst()
                  .orElseThrow(() -> new IOException("No " + table.getKey() + " in " + folder))
                  .resolve("data");
        }
        try (Stream<Path> all = Files.walk(data)) {
          for (Path file : all.filter(path -> path.toString().endsWith(".parquet")).toList()) {
            bytes += Files.size(file);
            files++;
          }
        }
        try (ResultSet row =
            statement.executeQuery(
                "SELECT %s FROM read_parquet('%s/**/*.parquet')"
                    .formatted(table.getValue(), data))) {
          row.next();
          StringBuilder content = new StringBuilder();
          for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            content.append(i == 1 ? "" : " ").append(row.getString(i));
          }
          contents.put(table.getKey(), content.toString());
        }
      }
    }
    return new Tables(contents, bytes, files);
  }
}
