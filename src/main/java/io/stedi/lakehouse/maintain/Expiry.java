package io.stedi.lakehouse.maintain;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.lake.RunSnapshots;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.relocated.com.google.common.collect.Iterables;
import org.apache.iceberg.util.SnapshotUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Expires the snapshots that nobody goes back to, by their ids: so Iceberg looks at what is
 * reachable, and deletes a file as soon as no kept snapshot names it.
 *
 * <p>Kept is what a stream, a run or a reader may need: what references name; of a branch that is
 * being staged all down to the content that it replaces; of the current content the last commits by
 * number and by age. By age alone, a stream that was stopped for longer could never go on:
 * Iceberg's committer finds out by the newest marked snapshot what it has committed.
 */
final class Expiry {

  private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);

  private final Table table;
  private final MaintenanceOptions options;

  Expiry(Table table, MaintenanceOptions options) {
    this.table = requireNonNull(table, "table");
    this.options = requireNonNull(options, "options");
  }

  /**
   * Expires the table's snapshots.
   *
   * @param now what ages are counted back from
   * @return how many
   */
  int run(Instant now) {
    table.refresh();
    Set<Long> kept = new HashSet<>();
    for (SnapshotRef ref : table.refs().values()) {
      kept.add(ref.snapshotId());
    }
    table
        .refs()
        .forEach(
            (name, ref) -> {
              if (ref.isBranch() && !name.equals(SnapshotRef.MAIN_BRANCH)) {
                keepStaged(ref.snapshotId(), kept);
              }
            });
    keepCurrent(now, kept);
    List<Long> expired = new ArrayList<>();
    for (Snapshot snapshot : table.snapshots()) {
      if (!kept.contains(snapshot.snapshotId())) {
        expired.add(snapshot.snapshotId());
      }
    }
    if (!expired.isEmpty()) {
      ExpireSnapshots expiry = table.expireSnapshots();
      expired.forEach(expiry::expireSnapshotId);
      expiry.commit();
      LOG.info("{}: expired {} snapshots, kept {}", table.name(), expired.size(), kept.size());
    }
    return expired.size();
  }

  /** A run publishes its branch only if it still sees what it has replaced. */
  private void keepStaged(long head, Set<Long> kept) {
    boolean begun = false;
    for (Snapshot snapshot : SnapshotUtil.ancestorsOf(head, table::snapshot)) {
      kept.add(snapshot.snapshotId());
      if (begun) {
        return;
      }
      begun = RunSnapshots.begins(snapshot);
    }
  }

  private void keepCurrent(Instant now, Set<Long> kept) {
    long young = now.minus(options.keepTime()).toEpochMilli();
    boolean marks = Iterables.any(table.snapshots(), RunSnapshots::isMarked);
    int commits = 0;
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      if (commits > options.keepCommits() && snapshot.timestampMillis() < young) {
        return;
      }
      kept.add(snapshot.snapshotId());
      // Those of a table that no run fills count alike.
      if (!marks || RunSnapshots.isMarked(snapshot)) {
        commits++;
      }
    }
  }
}
