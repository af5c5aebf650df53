package io.stedi.lakehouse.maintain;

import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.testing.WatchedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericFileWriterFactory;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.encryption.EncryptedFiles;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.types.Types;

/** A table with a key, written as Iceberg's sink writes: a commit with its marker a checkpoint. */
final class KeyedTable implements AutoCloseable {

  static final String PARTITION = "p";

  private static final Schema SCHEMA =
      new Schema(
          1,
          List.of(
              Types.NestedField.required(1, "k", Types.LongType.get()),
              Types.NestedField.required(2, PARTITION, Types.StringType.get()),
              Types.NestedField.optional(3, "v", Types.StringType.get())),
          Set.of(1, 2));

  private final Path folder;
  private final JdbcCatalog catalog = new JdbcCatalog();
  private final TableIdentifier name = TableIdentifier.of("stedi", "keyed");

  /** What writes. Others open the table for themselves. */
  private final Table table;

  private long checkpoint;

  KeyedTable(Path folder, boolean partitioned) throws IOException {
    this.folder = Files.createDirectories(folder);
    catalog.setConf(new org.apache.hadoop.conf.Configuration(false));
    catalog.initialize(
        Lake.NAME,
        Map.of(
            "uri",
                "jdbc:sqlite:"
                    + folder.resolve("catalog.db")
                    + "?busy_timeout=60000&synchronous=OFF",
            "warehouse", folder.resolve("warehouse").toString(),
            "io-impl", WatchedFiles.class.getName()));
    catalog.createNamespace(Namespace.of("stedi"));
    table =
        catalog.createTable(
            name,
            SCHEMA,
            partitioned
                ? PartitionSpec.builderFor(SCHEMA).identity(PARTITION).build()
                : PartitionSpec.unpartitioned(),
            Map.of(
                "format-version", "2",
                "commit.retry.num-retries", "20",
                "commit.retry.min-wait-ms", "5",
                "write.metadata.delete-after-commit.enabled", "true",
                "write.metadata.previous-versions-max", "5"));
  }

  Table open() {
    return catalog.loadTable(name);
  }

  /** One commit of a stream. */
  final class Commit {

    private final String partition;
    private final Map<Long, String> inserted = new HashMap<>();
    private final Set<Long> deleted = new LinkedHashSet<>();
    private final Set<Long> takenBack = new LinkedHashSet<>();

    private Commit(String partition) {
      this.partition = partition;
    }

    /** Deletes rows of former commits. */
    Commit delete(Iterable<Long> keys) {
      keys.forEach(deleted::add);
      return this;
    }

    Commit insert(long key, String value) {
      inserted.put(key, value);
      return this;
    }

    /** Inserts a row and deletes it again: by its position, since it is of this commit. */
    Commit insertAndTakeBack(long key) {
      takenBack.add(key);
      return this;
    }

    void commit() throws IOException {
      org.apache.iceberg.PartitionKey place = null;
      if (!table.spec().isUnpartitioned()) {
        place = new org.apache.iceberg.PartitionKey(table.spec(), SCHEMA);
        place.partition(row(0, partition, null));
      }
      RowDelta delta = table.newRowDelta();
      DataWriter<Record> rows = writers().newDataWriter(newFile(), table.spec(), place);
      long position = 0;
      try (rows) {
        for (Map.Entry<Long, String> row : inserted.entrySet()) {
          rows.write(row(row.getKey(), partition, row.getValue()));
          position++;
        }
        for (long key : takenBack) {
          rows.write(row(key, partition, "taken back"));
        }
      }
      DataFile file = rows.toDataFile();
      if (file.recordCount() > 0) {
        delta.addRows(file);
      }
      if (!takenBack.isEmpty()) {
        PositionDeleteWriter<Record> deletes =
            writers().newPositionDeleteWriter(newFile(), table.spec(), place);
        try (deletes) {
          for (int i = 0; i < takenBack.size(); i++) {
            deletes.write(PositionDelete.<Record>create().set(file.location(), position + i));
          }
        }
        delta.addDeletes(deletes.toDeleteFile());
      }
      if (!deleted.isEmpty()) {
        EqualityDeleteWriter<Record> deletes =
            writers().newEqualityDeleteWriter(newFile(), table.spec(), place);
        try (deletes) {
          for (long key : deleted) {
            deletes.write(row(key, partition, null));
          }
        }
        delta.addDeletes(deletes.toDeleteFile());
      }
      delta
          .set("flink.job-id", "0".repeat(32))
          .set("flink.operator-id", "writer")
          .set("flink.max-committed-checkpoint-id", String.valueOf(++checkpoint))
          .commit();
    }

    private GenericFileWriterFactory writers() {
      return new GenericFileWriterFactory.Builder(table)
          .equalityFieldIds(new int[] {1, 2})
          .equalityDeleteRowSchema(SCHEMA)
          .build();
    }
  }

  Commit begin() {
    return begin("a");
  }

  Commit begin(String partition) {
    return new Commit(partition);
  }

  /** The number of the last checkpoint. */
  long checkpoint() {
    return checkpoint;
  }

  /** The values of the table's rows by their keys, as Iceberg's own reader sees them. */
  Map<Long, String> rows() throws IOException {
    Map<Long, String> rows = new HashMap<>();
    try (CloseableIterable<Record> records = IcebergGenerics.read(open()).build()) {
      for (Record record : records) {
        if (rows.put((Long) record.getField("k"), (String) record.getField("v")) != null) {
          throw new AssertionError("twice: " + record);
        }
      }
    }
    return rows;
  }

  /** The files below the table's folder whose names end so. */
  List<Path> files(String ending) throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve("warehouse"))) {
      return all.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }

  private EncryptedOutputFile newFile() {
    return EncryptedFiles.plainAsEncryptedOutput(
        table
            .io()
            .newOutputFile(
                table.locationProvider().newDataLocation(UUID.randomUUID() + ".parquet")));
  }

  private static Record row(long key, String partition, String value) {
    Record row = GenericRecord.create(SCHEMA);
    row.setField("k", key);
    row.setField(PARTITION, partition);
    row.setField("v", value);
    return row;
  }

  @Override
  public void close() {
    catalog.close();
  }
}
