package io.stedi.lakehouse.testing;

import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.iceberg.data.Record;

/** The rows of a lake as the texts in which {@link ReferenceTables} gives them, sorted. */
public final class LakeRows {

  private final TestLake lake;

  public LakeRows(TestLake lake) {
    this.lake = lake;
  }

  public List<String> customerTrusted() throws IOException {
    return customers("customer_trusted");
  }

  public List<String> customerCurated() throws IOException {
    return customers("customer_curated");
  }

  private List<String> customers(String table) throws IOException {
    return rows(table, "account", "serialnumber", "lastupdatedate").stream()
        .map(
            row -> {
              String[] cells = row.split("\\|");
              return "%s|%s|%s".formatted(cells[0], folded(cells[1]), cells[2]);
            })
        .sorted()
        .toList();
  }

  /** A text without the blanks around it, in lower case. */
  private static String folded(String text) {
    return text.replaceAll("(?U)^[\\s\\u200B\\uFEFF]+|[\\s\\u200B\\uFEFF]+$", "")
        .toLowerCase(Locale.ROOT);
  }

  public List<String> accelerometerTrusted() throws IOException {
    return rows("accelerometer_trusted", "account", "timestamp", "x", "y", "z");
  }

  public List<String> stepTrainerTrusted() throws IOException {
    return rows("step_trainer_trusted", "sensorreadingtime", "device", "distancefromobject");
  }

  public List<String> machineLearningCurated() throws IOException {
    return rows(
        "machine_learning_curated",
        "sensorreadingtime",
        "device_id",
        "distancefromobject",
        "timestamp",
        "customer_id",
        "x",
        "y",
        "z",
        "device_matched");
  }

  /** All columns of a table. */
  public List<String> all(String table) throws IOException {
    return rows(
        table,
        lake.table(table).schema().columns().stream()
            .map(column -> column.name())
            .toArray(String[]::new));
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
