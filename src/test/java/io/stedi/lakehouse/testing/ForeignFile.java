package io.stedi.lakehouse.testing;

import java.io.IOException;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;

/** Files of a table that no job wrote: those of a service, or of somebody who should not. */
public final class ForeignFile {

  private ForeignFile() {}

  /** Writes rows to a file in the table's place. It is no part of the table yet. */
  public static DataFile write(Table table, Iterable<? extends Record> rows) throws IOException {
    DataWriter<Record> writer =
        Parquet.writeData(
                table
                    .io()
                    .newOutputFile(
                        table.locationProvider().newDataLocation(UUID.randomUUID() + ".parquet")))
            .schema(table.schema())
            .createWriterFunc(type -> GenericParquetWriter.create(table.schema(), type))
            .withSpec(table.spec())
            .build();
    try (writer) {
      rows.forEach(writer::write);
    }
    return writer.toDataFile();
  }
}
