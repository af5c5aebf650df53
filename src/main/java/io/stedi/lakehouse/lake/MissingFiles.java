package io.stedi.lakehouse.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.CloseableIterable;

/** Finds the files that a table refers to and that are gone. */
public final class MissingFiles {

  private MissingFiles() {}

  /**
   * The places of data files, of delete files and of what lists them that a reader of a snapshot
   * would look for in vain.
   *
   * @param snapshot the snapshot's id, or {@link LakeMoment#EMPTY}
   */
  public static List<String> of(Table table, long snapshot) {
    if (snapshot == LakeMoment.EMPTY) {
      return List.of();
    }
    Set<String> files = new TreeSet<>();
    try (CloseableIterable<FileScanTask> tasks =
        table.newScan().useSnapshot(snapshot).planFiles()) {
      for (FileScanTask task : tasks) {
        files.add(task.file().location());
        for (DeleteFile delete : task.deletes()) {
          files.add(delete.location());
        }
      }
    } catch (NotFoundException e) {
      // A manifest, or the list of them: what they list is not known.
      return List.of(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files.stream().filter(file -> !table.io().newInputFile(file).exists()).toList();
  }
}
