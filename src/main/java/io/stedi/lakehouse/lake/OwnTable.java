package io.stedi.lakehouse.lake;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.encryption.EncryptedFiles;
import org.apache.iceberg.formats.FormatModelRegistry;
import org.apache.iceberg.io.DataWriter;

/** A table that the program keeps for itself, without Flink. */
final class OwnTable {

  private OwnTable() {}

  /**
   * Adds rows with one commit.
   *
   * @param rows at least one, all of one partition
   * @throws IOException if they cannot be written
   */
  static void append(Table table, List<Record> rows) throws IOException {
    PartitionKey partition = new PartitionKey(table.spec(), table.schema());
    partition.partition(new InternalRecordWrapper(table.schema().asStruct()).wrap(rows.get(0)));
    String location =
        table
            .locationProvider()
            .newDataLocation(table.spec(), partition, "rows-" + UUID.randomUUID() + ".parquet");
    DataWriter<Record> writer =
        FormatModelRegistry.<Record, Object>dataWriteBuilder(
                FileFormat.PARQUET,
                Record.class,
                EncryptedFiles.plainAsEncryptedOutput(table.io().newOutputFile(location)))
            .setAll(table.properties())
            .schema(table.schema())
            .spec(table.spec())
            .partition(table.spec().isUnpartitioned() ? null : partition)
            .build();
    try (writer) {
      rows.forEach(writer::write);
    }
    table.newAppend().appendFile(writer.toDataFile()).commit();
  }
}
