package io.stedi.lakehouse.lake;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * The snapshots in which the tables of a lake fit each other. A stream commits to each of its
 * tables by itself, a little apart; while one runs, that is what all of them held at the newest
 * checkpoint that all have reached.
 *
 * @param tables those that are in the lake, by name
 * @param snapshots the id of the snapshot of each; {@link #EMPTY} for a table without rows
 * @param written whether a run writes to the lake
 */
public record LakeMoment(
    SortedMap<String, Table> tables, Map<String, Long> snapshots, boolean written) {

  /** In place of a snapshot where there is none. */
  public static final long EMPTY = -1;

  public LakeMoment {
    tables = Collections.unmodifiableSortedMap(new TreeMap<>(tables));
    snapshots = Map.copyOf(snapshots);
  }

  /** The newest such moment of some tables. */
  public static LakeMoment of(Lake lake, Collection<String> names) {
    // First, since a run that ends in between leaves its newest snapshots to be looked at.
    boolean written = Lease.isTaken(lake);
    SortedMap<String, Table> tables = new TreeMap<>();
    names.forEach(name -> lake.table(name).ifPresent(t -> tables.put(name, t)));
    long reached = Long.MAX_VALUE;
    if (written) {
      for (Table table : tables.values()) {
        reached = Math.min(reached, reached(table));
      }
    }
    Map<String, Long> snapshots = new HashMap<>();
    for (Map.Entry<String, Table> table : tables.entrySet()) {
      snapshots.put(table.getKey(), at(table.getValue(), reached));
    }
    return new LakeMoment(tables, snapshots, written);
  }

  /**
   * The newest checkpoint of a stream whose rows the table holds; the highest number if no stream
   * has written to it, which then limits nothing.
   */
  private static long reached(Table table) {
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      Optional<Long> checkpoint = CommittedBy.checkpoint(snapshot);
      if (checkpoint.isPresent()) {
        return checkpoint.get();
      }
      if (RunSnapshots.begins(snapshot)) {
        break;
      }
    }
    return Long.MAX_VALUE;
  }

  /** The newest snapshot without rows from after a checkpoint. */
  private static long at(Table table, long checkpoint) {
    long id = EMPTY;
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      Optional<Long> committed = CommittedBy.checkpoint(snapshot);
      if (committed.isPresent() && committed.get() > checkpoint) {
        id = EMPTY;
        continue;
      }
      if (id == EMPTY) {
        id = snapshot.snapshotId();
      }
      if (committed.isPresent() || RunSnapshots.begins(snapshot)) {
        break;
      }
    }
    return id;
  }
}
