package io.stedi.lakehouse.maintain;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.lake.LiveRows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.actions.BinPackRewriteFilePlanner;
import org.apache.iceberg.actions.RewriteFileGroup;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.DataFileSet;
import org.apache.iceberg.util.DeleteFileSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Merges a table's small files and applies its deletes, beside whoever writes to it.
 *
 * <p>Rewritten files get the sequence number of the snapshot that they were read from, so that
 * equality deletes that are committed meanwhile still reach their rows. Delete files that apply to
 * no file which stays leave with the same commit: what comes later has a higher sequence number
 * than theirs. Iceberg's own rewrite leaves these behind for good (apache/iceberg#16138).
 */
final class Compaction {

  private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);

  /** In the summary of a snapshot: that it changes no rows. */
  static final String MARK = "stedi.maintenance";

  private static final int ATTEMPTS = 5;

  /** What is lost, and read again, when a group fails: twice the size of a file that it makes. */
  private static final int GROUP_FILES = 2;

  private final Table table;
  private final MaintenanceOptions options;

  Compaction(Table table, MaintenanceOptions options) {
    this.table = requireNonNull(table, "table");
    this.options = requireNonNull(options, "options");
  }

  /**
   * Compacts the table. What another commit made impossible is planned anew.
   *
   * @return whether there was anything to do
   * @throws IOException if a file cannot be read or written
   * @throws LakehouseException if the deletes to apply do not fit into memory
   */
  boolean run() throws IOException {
    return Replanned.rewrite(table, ATTEMPTS, this::once);
  }

  private boolean once() throws IOException {
    table.refresh();
    Snapshot start = table.currentSnapshot();
    if (start == null) {
      return false;
    }
    DataFileSet former = DataFileSet.create();
    List<DataFile> made = new ArrayList<>();
    try {
      for (RewriteFileGroup group : groups(start)) {
        requireRoom(group);
        former.addAll(group.rewrittenFiles());
        made.addAll(rewritten(group));
      }
      DeleteFileSet needless = needless(table, start, former);
      if (former.isEmpty() && needless.isEmpty()) {
        return false;
      }
      RewriteFiles rewrite =
          table.newRewrite().validateFromSnapshot(start.snapshotId()).set(MARK, "compaction");
      if (!former.isEmpty()) {
        rewrite.dataSequenceNumber(start.sequenceNumber());
      }
      former.forEach(rewrite::deleteFile);
      made.forEach(rewrite::addFile);
      needless.forEach(rewrite::deleteFile);
      rewrite.commit();
      LOG.info(
          "{}: {} data files became {}, {} delete files are gone",
          table.name(),
          former.size(),
          made.size(),
          needless.size());
      return true;
    } catch (CommitStateUnknownException e) {
      // It may have been committed, and then the files are the table's.
      throw e;
    } catch (RuntimeException | IOException e) {
      CatalogUtil.deleteFiles(
          table.io(), made.stream().map(DataFile::location).toList(), "rewritten file", true);
      throw e;
    }
  }

  private List<RewriteFileGroup> groups(Snapshot start) throws IOException {
    BinPackRewriteFilePlanner planner =
        new BinPackRewriteFilePlanner(table, Expressions.alwaysTrue(), start.snapshotId(), true);
    planner.init(
        Map.of(
            BinPackRewriteFilePlanner.TARGET_FILE_SIZE_BYTES,
            String.valueOf(options.targetFileBytes()),
            BinPackRewriteFilePlanner.MAX_FILE_GROUP_SIZE_BYTES,
            String.valueOf(GROUP_FILES * options.targetFileBytes()),
            BinPackRewriteFilePlanner.MIN_INPUT_FILES,
            String.valueOf(options.minInputFiles()),
            BinPackRewriteFilePlanner.DELETE_FILE_THRESHOLD,
            String.valueOf(options.deleteFileThreshold())));
    List<RewriteFileGroup> groups = new ArrayList<>();
    try (CloseableIterable<RewriteFileGroup> planned = planner.plan().groups()) {
      planned.forEach(groups::add);
    }
    return groups;
  }

  private void requireRoom(RewriteFileGroup group) {
    long rows =
        LiveRows.equalityDeletes(group.fileScanTasks()).stream()
            .mapToLong(DeleteFile::recordCount)
            .sum();
    if (rows > options.maxDeleteRows()) {
      throw LakehouseException.system(
          "The table %s has %,d deletes to apply, more than maintenance.max-delete-rows (%,d) allows to hold in memory. Raise it, with a larger heap: some 200 bytes each."
              .formatted(Lake.nameOf(table), rows, options.maxDeleteRows()),
          null);
    }
  }

  private List<DataFile> rewritten(RewriteFileGroup group) throws IOException {
    LiveRows live = new LiveRows(table, table.schema(), group.fileScanTasks());
    RewrittenFiles files = new RewrittenFiles(table, group, options.targetFileBytes());
    try {
      for (FileScanTask file : group.fileScanTasks()) {
        try (CloseableIterable<Record> rows = live.in(file)) {
          for (Record row : rows) {
            files.add(row);
          }
        }
      }
      return files.finish();
    } catch (RuntimeException | IOException e) {
      files.discard();
      throw e;
    }
  }

  /** The delete files of a snapshot that apply to no data file which stays. */
  static DeleteFileSet needless(Table table, Snapshot start, Set<DataFile> former)
      throws IOException {
    DeleteFileSet all = DeleteFileSet.create();
    for (ManifestFile manifest : start.deleteManifests(table.io())) {
      try (CloseableIterable<DeleteFile> files =
          ManifestFiles.readDeleteManifest(manifest, table.io(), table.specs())) {
        files.forEach(file -> all.add(file.copy()));
      }
    }
    if (!all.isEmpty()) {
      try (CloseableIterable<FileScanTask> files =
          table.newScan().useSnapshot(start.snapshotId()).planFiles()) {
        for (FileScanTask file : files) {
          if (!former.contains(file.file())) {
            all.removeAll(file.deletes());
          }
        }
      }
    }
    return all;
  }
}
