package io.stedi.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;

/** The pipeline in DuckDB, with Parquet files for tables. */
final class DuckDbPeer {

  private DuckDbPeer() {}

  /**
   * @param arguments the folder of raw files, and that of the tables
   */
  public static void main(String[] arguments) throws Exception {
    String raw = arguments[0];
    Path tables = Path.of(arguments[1]);
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      landing(
          statement,
          tables,
          "customer_landing",
          """
          SELECT customerName AS customername, email, phone, birthDay AS birthday,
            serialNumber AS serialnumber, epoch_ms(registrationDate) AS registrationdate,
            epoch_ms(lastUpdateDate) AS lastupdatedate,
            epoch_ms(shareWithResearchAsOfDate) AS sharewithresearchasofdate,
            epoch_ms(shareWithPublicAsOfDate) AS sharewithpublicasofdate,
            epoch_ms(shareWithFriendsAsOfDate) AS sharewithfriendsasofdate, filename AS source_file
          FROM read_json('%s/customer/landing/*.json', format = 'newline_delimited', filename = true,
            columns = {customerName: 'VARCHAR', email: 'VARCHAR', phone: 'VARCHAR', birthDay: 'VARCHAR',
              serialNumber: 'VARCHAR', registrationDate: 'BIGINT', lastUpdateDate: 'BIGINT',
              shareWithResearchAsOfDate: 'BIGINT', shareWithPublicAsOfDate: 'BIGINT',
              shareWithFriendsAsOfDate: 'BIGINT'})"""
              .formatted(raw));
      landing(
          statement,
          tables,
          "accelerometer_landing",
          """
          SELECT "user", epoch_ms("timestamp") AS "timestamp", x, y, z, filename AS source_file
          FROM read_json('%s/accelerometer/landing/*.json', format = 'newline_delimited',
            filename = true, columns = {user: 'VARCHAR', timestamp: 'BIGINT', x: 'DOUBLE',
              y: 'DOUBLE', z: 'DOUBLE'})"""
              .formatted(raw));
      landing(
          statement,
          tables,
          "step_trainer_landing",
          """
          SELECT epoch_ms(sensorReadingTime) AS sensorreadingtime, serialNumber AS serialnumber,
            distanceFromObject AS distancefromobject, filename AS source_file
          FROM read_json('%s/step_trainer/landing/*.json', format = 'newline_delimited',
            filename = true, columns = {sensorReadingTime: 'BIGINT', serialNumber: 'VARCHAR',
              distanceFromObject: 'INTEGER'})"""
              .formatted(raw));
      for (String table : PeerTables.DERIVED) {
        String query =
            PeerTables.query(table, "sha256('a key' || $1)").replace("AS user", "AS \"user\"");
        landing(statement, tables, table, query);
      }
    }
  }

  /** Writes a table, and reads it from its file from then on. */
  private static void landing(Statement statement, Path tables, String table, String query)
      throws Exception {
    Path data = Files.createDirectories(tables.resolve(table).resolve("data"));
    Path file = data.resolve("part-0.parquet");
    statement.execute(
        "COPY (%s) TO '%s' (FORMAT parquet, COMPRESSION zstd)".formatted(query, file));
    statement.execute("CREATE VIEW %s AS FROM read_parquet('%s')".formatted(table, file));
  }
}
