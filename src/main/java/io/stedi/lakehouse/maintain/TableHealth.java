package io.stedi.lakehouse.maintain;

import java.util.Map;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableOperations;

/**
 * What reading and writing a table costs, by the summary of its current snapshot.
 *
 * @param dataFiles the number of data files
 * @param deleteFiles the number of delete files
 * @param deleteRows how many deletes these hold
 * @param bytes the size of all these files
 * @param snapshots the number of snapshots
 * @param metadataBytes the size of the table's current metadata file, which each commit writes anew
 */
public record TableHealth(
    long dataFiles,
    long deleteFiles,
    long deleteRows,
    long bytes,
    int snapshots,
    long metadataBytes) {

  /** Looks at a table as it was refreshed last. */
  static TableHealth of(Table table) {
    Map<String, String> summary =
        table.currentSnapshot() == null ? Map.of() : table.currentSnapshot().summary();
    TableOperations operations = ((HasTableOperations) table).operations();
    int snapshots = 0;
    for (Snapshot ignored : table.snapshots()) {
      snapshots++;
    }
    return new TableHealth(
        total(summary, SnapshotSummary.TOTAL_DATA_FILES_PROP),
        total(summary, SnapshotSummary.TOTAL_DELETE_FILES_PROP),
        total(summary, SnapshotSummary.TOTAL_EQ_DELETES_PROP)
            + total(summary, SnapshotSummary.TOTAL_POS_DELETES_PROP),
        total(summary, SnapshotSummary.TOTAL_FILE_SIZE_PROP),
        snapshots,
        table.io().newInputFile(operations.current().metadataFileLocation()).getLength());
  }

  private static long total(Map<String, String> summary, String property) {
    return Long.parseLong(summary.getOrDefault(property, "0"));
  }
}
