package io.stedi.lakehouse.maintain;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.lake.LiveRows;
import io.stedi.lakehouse.lake.Manifests;
import io.stedi.lakehouse.lake.RunSnapshots;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManageSnapshots;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.formats.FormatModelRegistry;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.util.DataFileSet;
import org.apache.iceberg.util.DeleteFileSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes those who are forgotten out of a table: files that hold them are written anew without their
 * rows, and no snapshot is kept that names a former file. Files are found by what is in them,
 * deleted rows and the keys in delete files included.
 *
 * <p>The commit also says which run or checkpoint wrote the table last, for the snapshots that said
 * so are gone with it. So it must not be made again on top of what came in between: it is made on
 * exactly the snapshot that was looked at, or not at all.
 */
final class Erasure {

  private static final Logger LOG = LoggerFactory.getLogger(Erasure.class);

  /** A stream may commit while a table is being rewritten, each time. */
  private static final int ATTEMPTS = 30;

  /** As Parquet says it. */
  private static final String UNFINISHED = "is not a Parquet file";

  private final Table table;
  private final MaintenanceOptions options;
  private final ForgottenPeople people;
  private final PersonalColumns columns;

  /** What is known of the files that were looked into, by their places. */
  private final Map<String, Boolean> held = new HashMap<>();

  Erasure(Table table, MaintenanceOptions options, ForgottenPeople people) {
    this.table = requireNonNull(table, "table");
    this.options = requireNonNull(options, "options");
    this.people = requireNonNull(people, "people");
    this.columns = PersonalColumns.of(table);
  }

  /**
   * Erases them. What another commit made impossible is begun anew.
   *
   * @throws IOException if a file cannot be read or written
   */
  Forgetting.Erased run() throws IOException {
    return Replanned.rewrite(table, ATTEMPTS, this::once);
  }

  /** What there would be to erase in the current content; changes nothing. */
  Forgetting.Erased look() throws IOException {
    table.refresh();
    Rewrite rewrite = new Rewrite();
    if (table.currentSnapshot() != null) {
      Set<String> holders = holders(List.of(table.currentSnapshot()));
      List<FileScanTask> affected = affected(table.currentSnapshot(), holders);
      LiveRows live = new LiveRows(table, table.schema(), affected);
      for (FileScanTask file : affected) {
        try (CloseableIterable<Record> rows = live.in(file)) {
          rows.forEach(rewrite::kept);
        }
      }
    }
    return rewrite.erased(0, 0);
  }

  private Forgetting.Erased once() throws IOException {
    table.refresh();
    Snapshot start = table.currentSnapshot();
    if (start == null) {
      return Forgetting.Erased.NOTHING;
    }
    Set<String> holders = holders(table.snapshots());
    if (holders.isEmpty()) {
      return Forgetting.Erased.NOTHING;
    }
    Rewrite rewrite = new Rewrite();
    try {
      List<FileScanTask> affected = affected(start, holders);
      LiveRows live = new LiveRows(table, table.schema(), affected);
      for (FileScanTask file : affected) {
        rewrite.add(file, live);
      }
      rewrite.commit(start);
    } catch (CommitStateUnknownException e) {
      // It may have been committed, and then the files are the table's.
      throw e;
    } catch (RuntimeException | IOException e) {
      rewrite.discard();
      throw e;
    }
    table.refresh();
    int references = removeReferences();
    return rewrite.erased(expire(), references);
  }

  /** Tags and branches of others, which name former snapshots. */
  private int removeReferences() {
    ManageSnapshots manage = table.manageSnapshots();
    int removed = 0;
    for (Map.Entry<String, SnapshotRef> ref : table.refs().entrySet()) {
      if (!ref.getKey().equals(SnapshotRef.MAIN_BRANCH)) {
        manage =
            ref.getValue().isBranch()
                ? manage.removeBranch(ref.getKey())
                : manage.removeTag(ref.getKey());
        removed++;
      }
    }
    if (removed > 0) {
      manage.commit();
      table.refresh();
    }
    return removed;
  }

  private int expire() {
    long current = table.currentSnapshot().snapshotId();
    ExpireSnapshots expiry = table.expireSnapshots();
    int expired = 0;
    for (Snapshot snapshot : table.snapshots()) {
      if (snapshot.snapshotId() != current) {
        expiry.expireSnapshotId(snapshot.snapshotId());
        expired++;
      }
    }
    if (expired > 0) {
      expiry.commit();
      LOG.info("{}: {} snapshots are gone with what was in them", table.name(), expired);
    }
    return expired;
  }

  /** The files of snapshots that hold any of them. */
  private Set<String> holders(Iterable<Snapshot> snapshots) throws IOException {
    Set<String> holders = new HashSet<>();
    for (ManifestFile manifest : Manifests.of(table, snapshots)) {
      try (CloseableIterable<? extends ContentFile<?>> files = Manifests.files(table, manifest)) {
        for (ContentFile<?> file : files) {
          if (file.content() != FileContent.POSITION_DELETES
              && isHolder(file.location(), file.format())) {
            holders.add(file.location());
          }
        }
      }
    }
    return holders;
  }

  /** Whether a file holds any of them, in a row that is deleted or not. */
  boolean isHolder(String location, FileFormat format) throws IOException {
    Boolean known = held.get(location);
    if (known == null) {
      known = looksLikeHolder(location, format);
      held.put(location, known);
    }
    return known;
  }

  /**
   * Whether a file that lies in the table's folder may hold any of them. One without an end cannot
   * be read: somebody writes it, or was killed while writing it. It may hold them if it was written
   * before everybody who writes left them out.
   */
  boolean mayHold(FileInfo file, Instant leftOut) throws IOException {
    try {
      return isHolder(file.location(), FileFormat.PARQUET);
    } catch (RuntimeException e) {
      if (!String.valueOf(e.getMessage()).contains(UNFINISHED)) {
        throw e;
      }
      return Instant.ofEpochMilli(file.createdAtMillis()).isBefore(leftOut);
    }
  }

  private boolean looksLikeHolder(String location, FileFormat format) throws IOException {
    // Of a delete file only some columns are there.
    Schema optional = optional(columns.in(table.schema()));
    try (CloseableIterable<Record> rows =
        FormatModelRegistry.<Record, Object>readBuilder(
                format, Record.class, table.io().newInputFile(location))
            .project(optional)
            .build()) {
      for (Record row : rows) {
        if (people.holds(row, columns) || people.names(row, columns)) {
          return true;
        }
      }
    }
    return false;
  }

  private static Schema optional(Schema schema) {
    return new Schema(schema.columns().stream().map(column -> column.asOptional()).toList());
  }

  private List<FileScanTask> affected(Snapshot start, Set<String> holders) throws IOException {
    List<FileScanTask> affected = new ArrayList<>();
    try (CloseableIterable<FileScanTask> files =
        table.newScan().useSnapshot(start.snapshotId()).planFiles()) {
      for (FileScanTask file : files) {
        if (holders.contains(file.file().location())
            || file.deletes().stream().anyMatch(delete -> holders.contains(delete.location()))) {
          affected.add(file);
        }
      }
    }
    return affected;
  }

  /** Files without those who are forgotten, in place of others. */
  private final class Rewrite {

    private final DataFileSet former = DataFileSet.create();
    private final List<DataFile> made = new ArrayList<>();
    private final Map<String, List<Long>> places = new TreeMap<>();
    private long rows;
    private long cleared;

    void add(FileScanTask file, LiveRows live) throws IOException {
      RewrittenFiles files = new RewrittenFiles(table, file, options.targetFileBytes());
      try {
        try (CloseableIterable<Record> records = live.in(file)) {
          for (Record record : records) {
            Record kept = kept(record);
            if (kept != null) {
              files.add(kept);
            }
          }
        }
        made.addAll(files.finish());
        former.add(file.file());
      } catch (RuntimeException | IOException e) {
        files.discard();
        throw e;
      }
    }

    /** What is kept of a row; null if nothing is. */
    Record kept(Record record) {
      if (people.holds(record, columns)) {
        rows++;
        if (record.struct().field("source_offset") != null) {
          places
              .computeIfAbsent(
                  String.valueOf(record.getField("source_file")), file -> new ArrayList<>())
              .add((Long) record.getField("source_offset"));
        }
        return null;
      }
      if (people.names(record, columns)) {
        cleared++;
        for (String column : columns.cleared()) {
          record.setField(column, null);
        }
      }
      return record;
    }

    void commit(Snapshot start) throws IOException {
      Table now = PinnedTable.of(table);
      DeleteFileSet needless = Compaction.needless(now, now.currentSnapshot(), former);
      SnapshotUpdate<?> update;
      if (former.isEmpty() && needless.isEmpty()) {
        // Only what is former holds them, and the marks of that have to be kept.
        update = now.newAppend();
      } else {
        RewriteFiles files = now.newRewrite().validateFromSnapshot(start.snapshotId());
        if (!former.isEmpty()) {
          files.dataSequenceNumber(start.sequenceNumber());
        }
        former.forEach(files::deleteFile);
        made.forEach(files::addFile);
        needless.forEach(files::deleteFile);
        update = files;
      }
      update.set(Compaction.MARK, "erasure");
      RunSnapshots.marks(now).forEach(update::set);
      update.commit();
    }

    void discard() {
      CatalogUtil.deleteFiles(
          table.io(), made.stream().map(DataFile::location).toList(), "rewritten file", true);
    }

    Forgetting.Erased erased(int snapshots, int references) {
      return new Forgetting.Erased(
          rows, cleared, former.size(), snapshots, references, Map.copyOf(places));
    }
  }
}
