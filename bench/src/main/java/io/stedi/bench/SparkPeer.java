package io.stedi.bench;

import org.apache.spark.sql.SparkSession;

/** The pipeline in Spark, with Iceberg tables. */
final class SparkPeer {

  private SparkPeer() {}

  /**
   * @param arguments the folder of raw files, and that of the tables
   */
  public static void main(String[] arguments) {
    String raw = arguments[0];
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[*]")
            .appName("stedi")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.session.timeZone", "UTC")
            .config(
                "spark.sql.extensions",
                "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions")
            .config("spark.sql.catalog.lake", "org.apache.iceberg.spark.SparkCatalog")
            .config("spark.sql.catalog.lake.type", "hadoop")
            .config("spark.sql.catalog.lake.warehouse", arguments[1])
            .config("spark.sql.defaultCatalog", "lake")
            .getOrCreate()) {
      spark.sql("CREATE NAMESPACE IF NOT EXISTS lake.stedi");
      spark.sql("USE lake.stedi");
      PeerTables.RAW.forEach(
          (kind, columns) ->
              raw(spark, kind + "_raw", "%s/%s/landing".formatted(raw, kind), columns));
      table(
          spark,
          "customer_landing",
          """
          SELECT customerName AS customername, email, phone, birthDay AS birthday,
            serialNumber AS serialnumber, timestamp_millis(registrationDate) AS registrationdate,
            timestamp_millis(lastUpdateDate) AS lastupdatedate,
            timestamp_millis(shareWithResearchAsOfDate) AS sharewithresearchasofdate,
            timestamp_millis(shareWithPublicAsOfDate) AS sharewithpublicasofdate,
            timestamp_millis(shareWithFriendsAsOfDate) AS sharewithfriendsasofdate,
            input_file_name() AS source_file
          FROM customer_raw""");
      table(
          spark,
          "accelerometer_landing",
          """
          SELECT user, timestamp_millis(timestamp) AS timestamp, x, y, z,
            input_file_name() AS source_file
          FROM accelerometer_raw""");
      table(
          spark,
          "step_trainer_landing",
          """
          SELECT timestamp_millis(sensorReadingTime) AS sensorreadingtime,
            serialNumber AS serialnumber, distanceFromObject AS distancefromobject,
            input_file_name() AS source_file
          FROM step_trainer_raw""");
      for (String table : PeerTables.DERIVED) {
        table(spark, table, PeerTables.query(table, "sha2(concat('a key', $1), 256)"));
      }
    }
  }

  private static void raw(SparkSession spark, String view, String path, String schema) {
    spark.read().schema(schema).json(path).createOrReplaceTempView(view);
  }

  private static void table(SparkSession spark, String table, String query) {
    spark.sql(
        "CREATE TABLE %s USING iceberg TBLPROPERTIES ('write.parquet.compression-codec' = 'zstd') AS %s"
            .formatted(table, query));
  }
}
