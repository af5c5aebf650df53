package io.stedi.lakehouse.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.testing.ForeignFile;
import io.stedi.lakehouse.testing.WatchedFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericFileWriterFactory;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.encryption.EncryptedFiles;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a table that many commits of a stream have deleted from. */
class TableContentTest {

  private static final Schema SCHEMA =
      new Schema(
          List.of(
              Types.NestedField.required(1, "id", Types.LongType.get()),
              Types.NestedField.optional(2, "kind", Types.StringType.get())),
          Set.of(1));

  /** How many commits there are; each adds three rows and takes two of the one before back. */
  private static final int COMMITS = 8;

  @TempDir private Path folder;

  private JdbcCatalog catalog;
  private Table table;

  @BeforeEach
  void commit() throws IOException {
    catalog = new JdbcCatalog();
    catalog.setConf(new org.apache.hadoop.conf.Configuration(false));
    catalog.initialize(
        Lake.NAME,
        Map.of(
            "uri", "jdbc:sqlite:" + folder.resolve("catalog.db"),
            "warehouse", folder.resolve("warehouse").toString(),
            "io-impl", WatchedFiles.class.getName()));
    catalog.createNamespace(Namespace.of("stedi"));
    table =
        catalog.createTable(
            TableIdentifier.of("stedi", "readings"),
            SCHEMA,
            PartitionSpec.unpartitioned(),
            Map.of("format-version", "2"));
    DataFile before = null;
    for (long commit = 0; commit < COMMITS; commit++) {
      // So far apart that, by the bounds of its ids, any file may hold what was deleted.
      DataFile file =
          ForeignFile.write(
              table,
              List.of(row(commit, "even"), row(commit + 100, "odd"), row(commit + 200, null)));
      RowDelta delta = table.newRowDelta().addRows(file);
      if (before != null) {
        delta.addDeletes(equalityDelete(row(commit - 1, "even")));
        delta.addDeletes(positionDelete(before, 1));
      }
      delta.commit();
      before = file;
    }
  }

  @AfterEach
  void close() {
    WatchedFiles.watchNoMore();
    catalog.close();
  }

  @Test
  void whatWasDeletedIsNotCounted() {
    assertThat(TableContent.of(table).rows()).isEqualTo(3 * COMMITS - 2 * (COMMITS - 1));
    assertThat(TableContent.countBy(table, "kind")).isEqualTo(Map.of("even", 1L, "odd", 1L));
    assertThat(TableContent.sum(table, "id")).isEqualTo(ids().stream().mapToLong(id -> id).sum());
  }

  @Test
  void aConditionIsLookedAtRowByRow() throws IOException {
    List<Object> ids = new ArrayList<>();
    try (var rows = LiveRows.of(table, Expressions.equal("kind", "odd"), "id")) {
      rows.forEach(row -> ids.add(row.getField("id")));
    }
    assertThat(ids).containsExactly(COMMITS - 1 + 100L);
  }

  @Test
  void eachFileOfDeletesIsReadOnce() {
    // Iceberg reads deletes by several threads.
    Queue<String> read = new ConcurrentLinkedQueue<>();
    WatchedFiles.watch(
        new WatchedFiles.Watcher() {
          @Override
          public void read(String location) {
            if (location.endsWith(".parquet")) {
              read.add(location);
            }
          }
        });
    TableContent content = TableContent.of(table);
    assertThat(content.deleteFiles()).isEqualTo(2 * (COMMITS - 1));
    assertThat(read)
        .as("but of the file that nothing is deleted from")
        .doesNotHaveDuplicates()
        .hasSize(COMMITS - 1 + content.deleteFiles());
  }

  private static List<Long> ids() {
    List<Long> ids = new ArrayList<>();
    for (long commit = 0; commit < COMMITS; commit++) {
      ids.add(commit + 200);
    }
    ids.add(COMMITS - 1L);
    ids.add(COMMITS - 1 + 100L);
    return ids;
  }

  private DeleteFile equalityDelete(Record key) throws IOException {
    EqualityDeleteWriter<Record> writer =
        new GenericFileWriterFactory.Builder(table)
            .equalityFieldIds(new int[] {1})
            .equalityDeleteRowSchema(SCHEMA)
            .build()
            .newEqualityDeleteWriter(newFile(), table.spec(), null);
    try (writer) {
      writer.write(key);
    }
    return writer.toDeleteFile();
  }

  private DeleteFile positionDelete(DataFile file, long position) throws IOException {
    PositionDeleteWriter<Record> writer =
        new GenericFileWriterFactory.Builder(table)
            .build()
            .newPositionDeleteWriter(newFile(), table.spec(), null);
    try (writer) {
      writer.write(PositionDelete.<Record>create().set(file.location(), position));
    }
    return writer.toDeleteFile();
  }

  private EncryptedOutputFile newFile() {
    return EncryptedFiles.plainAsEncryptedOutput(
        table
            .io()
            .newOutputFile(
                table.locationProvider().newDataLocation(UUID.randomUUID() + ".parquet")));
  }

  private static Record row(long id, String kind) {
    Record row = GenericRecord.create(SCHEMA);
    row.setField("id", id);
    row.setField("kind", kind);
    return row;
  }
}
