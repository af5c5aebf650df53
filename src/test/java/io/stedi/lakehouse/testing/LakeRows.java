package io.stedi.lakehouse.testing;

import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.data.Record;

/** The rows of a lake as the texts in which {@link ReferenceTables} gives them, sorted. */
public final class LakeRows {

  private final TestLake lake;

  public LakeRows(TestLake lake) {
    this.lake = lake;
  }

  public List<String> customerTrusted() throws IOException {
    return rows("customer_trusted", "email", "serialnumber", "lastupdatedate");
  }

  public List<String> customerCurated() throws IOException {
    return rows("customer_curated", "email", "serialnumber", "lastupdatedate");
  }

  public List<String> accelerometerTrusted() throws IOException {
    return rows("accelerometer_trusted", "user", "timestamp", "x", "y", "z");
  }

  public List<String> stepTrainerTrusted() throws IOException {
    return rows("step_trainer_trusted", "sensorreadingtime", "serialnumber", "distancefromobject");
  }

  public List<String> machineLearningCurated() throws IOException {
    return rows(
        "machine_learning_curated",
        "sensorreadingtime",
        "device_id",
        "distancefromobject",
        "customer_id",
        "x",
        "y",
        "z",
        "device_matched");
  }

  /** Some columns of a table; times in epoch milliseconds. */
  public List<String> rows(String table, String... columns) throws IOException {
    List<String> rows = new ArrayList<>();
    for (Record record : lake.records(table)) {
      List<String> cells = new ArrayList<>();
      for (String column : columns) {
        Object value = record.getField(column);
        cells.add(
            value instanceof OffsetDateTime time
                ? String.valueOf(time.toInstant().toEpochMilli())
                : String.valueOf(value));
      }
      rows.add(String.join("|", cells));
    }
    rows.sort(null);
    return rows;
  }
}
