package io.stedi.lakehouse.hard;

import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotChanges;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.util.SnapshotUtil;

/** When what came into a table and what went out of it, by its snapshots. */
final class LakeHistory {

  private final Table table;

  LakeHistory(Table table) {
    this.table = table;
  }

  /** When the first rows of each raw file could be read. */
  Map<String, Instant> landed() throws IOException {
    Map<String, Instant> landed = new HashMap<>();
    Schema files = table.schema().select("source_file");
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      if (DataOperations.REPLACE.equals(snapshot.operation())) {
        continue;
      }
      Instant at = Instant.ofEpochMilli(snapshot.timestampMillis());
      for (ContentFile<?> file : changes(snapshot).addedDataFiles()) {
        for (String raw : texts(file, files)) {
          landed.merge(raw, at, (a, b) -> a.isBefore(b) ? a : b);
        }
      }
    }
    return landed;
  }

  /** When rows with a value in a column of the key were taken back, of each such value. */
  Map<String, NavigableSet<Instant>> takenBack(String column) throws IOException {
    Map<String, NavigableSet<Instant>> taken = new HashMap<>();
    Schema schema = table.schema().select(column);
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      Instant at = Instant.ofEpochMilli(snapshot.timestampMillis());
      for (DeleteFile file : changes(snapshot).addedDeleteFiles()) {
        if (file.content() == FileContent.EQUALITY_DELETES) {
          for (String value : texts(file, schema)) {
            taken.computeIfAbsent(value, v -> new TreeSet<>()).add(at);
          }
        }
      }
    }
    return taken;
  }

  private SnapshotChanges changes(Snapshot snapshot) {
    return SnapshotChanges.builderFor(table).snapshot(snapshot).build();
  }

  private Set<String> texts(ContentFile<?> file, Schema schema) throws IOException {
    Set<String> texts = new HashSet<>();
    try (CloseableIterable<Record> rows =
        Parquet.read(table.io().newInputFile(file.location()))
            .project(schema)
            .createReaderFunc(type -> GenericParquetReaders.buildReader(schema, type))
            .build()) {
      rows.forEach(row -> texts.add((String) row.get(0)));
    }
    return texts;
  }

  /** How often its files were put together without a change of its rows. */
  int compactions() {
    int compactions = 0;
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      compactions += DataOperations.REPLACE.equals(snapshot.operation()) ? 1 : 0;
    }
    return compactions;
  }
}
