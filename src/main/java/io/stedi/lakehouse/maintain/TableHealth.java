package io.stedi.lakehouse.maintain;

import io.stedi.lakehouse.lake.Manifests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.io.CloseableIterable;

/**
 * What reading and writing a table costs.
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

  /**
   * Looks at a table as it was refreshed last. At its manifests, since the summaries of snapshots
   * lack totals where a branch was emptied.
   */
  static TableHealth of(Table table) {
    long dataFiles = 0;
    long deleteFiles = 0;
    long deleteRows = 0;
    long bytes = 0;
    Snapshot current = table.currentSnapshot();
    List<ManifestFile> manifests = current == null ? List.of() : current.allManifests(table.io());
    for (ManifestFile manifest : manifests) {
      boolean data = manifest.content() == ManifestContent.DATA;
      try (CloseableIterable<? extends ContentFile<?>> files = Manifests.files(table, manifest)) {
        for (ContentFile<?> file : files) {
          bytes += file.fileSizeInBytes();
          if (data) {
            dataFiles++;
          } else {
            deleteFiles++;
            deleteRows += file.recordCount();
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    int snapshots = 0;
    for (Snapshot ignored : table.snapshots()) {
      snapshots++;
    }
    TableOperations operations = ((HasTableOperations) table).operations();
    long metadataBytes =
        table.io().newInputFile(operations.current().metadataFileLocation()).getLength();
    return new TableHealth(dataFiles, deleteFiles, deleteRows, bytes, snapshots, metadataBytes);
  }
}
