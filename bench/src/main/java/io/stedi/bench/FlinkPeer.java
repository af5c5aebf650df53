package io.stedi.bench;

import java.time.ZoneOffset;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;

/**
 * The pipeline in Flink SQL as it comes, with Iceberg tables: its own file connector and JSON
 * format, and one statement for each table.
 */
final class FlinkPeer {

  private FlinkPeer() {}

  /**
   * @param arguments the folder of raw files, and that of the tables
   */
  public static void main(String[] arguments) throws Exception {
    String raw = arguments[0];
    TableEnvironment flink = TableEnvironment.create(EnvironmentSettings.inBatchMode());
    flink.getConfig().setLocalTimeZone(ZoneOffset.UTC);
    // With the default, Iceberg's first sink, Flink 2.3 cannot read what the writers hand to the committer.
    flink.getConfig().set("table.exec.iceberg.use-v2-sink", "true");
    flink.executeSql(
        "CREATE CATALOG lake WITH ('type' = 'iceberg', 'catalog-type' = 'hadoop', 'warehouse' = '%s')"
            .formatted(arguments[1]));
    flink.executeSql("CREATE DATABASE lake.stedi");
    flink.executeSql("USE lake.stedi");
    PeerTables.RAW.forEach(
        (kind, columns) ->
            raw(flink, kind + "_raw", "%s/%s/landing".formatted(raw, kind), columns));
    table(
        flink,
        "customer_landing",
        """
        SELECT customerName AS customername, email, phone, birthDay AS birthday,
          serialNumber AS serialnumber,
          CAST(TO_TIMESTAMP_LTZ(registrationDate, 3) AS TIMESTAMP_LTZ(6)) AS registrationdate,
          CAST(TO_TIMESTAMP_LTZ(lastUpdateDate, 3) AS TIMESTAMP_LTZ(6)) AS lastupdatedate,
          CAST(TO_TIMESTAMP_LTZ(shareWithResearchAsOfDate, 3) AS TIMESTAMP_LTZ(6))
            AS sharewithresearchasofdate,
          CAST(TO_TIMESTAMP_LTZ(shareWithPublicAsOfDate, 3) AS TIMESTAMP_LTZ(6))
            AS sharewithpublicasofdate,
          CAST(TO_TIMESTAMP_LTZ(shareWithFriendsAsOfDate, 3) AS TIMESTAMP_LTZ(6))
            AS sharewithfriendsasofdate,
          source_file
        FROM default_catalog.default_database.customer_raw""");
    table(
        flink,
        "accelerometer_landing",
        """
        SELECT `user`, CAST(TO_TIMESTAMP_LTZ(`timestamp`, 3) AS TIMESTAMP_LTZ(6)) AS `timestamp`,
          x, y, z, source_file
        FROM default_catalog.default_database.accelerometer_raw""");
    table(
        flink,
        "step_trainer_landing",
        """
        SELECT CAST(TO_TIMESTAMP_LTZ(sensorReadingTime, 3) AS TIMESTAMP_LTZ(6)) AS sensorreadingtime,
          serialNumber AS serialnumber, distanceFromObject AS distancefromobject, source_file
        FROM default_catalog.default_database.step_trainer_raw""");
    for (String table : PeerTables.DERIVED) {
      String query = PeerTables.query(table, "sha256(concat('a key', $1))");
      table(flink, table, query.replaceAll("\\b(timestamp|user)\\b", "`$1`"));
    }
  }

  private static void raw(TableEnvironment flink, String table, String path, String columns) {
    flink.executeSql(
        """
        CREATE TEMPORARY TABLE default_catalog.default_database.%s (
          %s, source_file STRING NOT NULL METADATA FROM 'file.path' VIRTUAL
        ) WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'json')"""
            .formatted(table, columns, path));
  }

  private static void table(TableEnvironment flink, String table, String query) throws Exception {
    flink
        .executeSql(
            "CREATE TABLE %s WITH ('write.parquet.compression-codec' = 'zstd') AS %s"
                .formatted(table, query))
        .await();
  }
}
