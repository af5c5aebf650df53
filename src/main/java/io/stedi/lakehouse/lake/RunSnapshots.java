package io.stedi.lakehouse.lake;

import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/** What the summaries of snapshots tell of the run that committed them. */
public final class RunSnapshots {

  /** In the summary of the snapshot that empties a table or a branch: the run that did. */
  static final String RUN = "stedi.run";

  private RunSnapshots() {}

  /** Whether a run began with this snapshot, which holds none of the command's rows. */
  public static boolean begins(Snapshot snapshot) {
    return snapshot.summary().containsKey(RUN);
  }

  /**
   * What the newest snapshot of a table's current content that tells who wrote it tells, for a
   * snapshot that is to stand for it; empty if none does.
   */
  public static Map<String, String> marks(Table table) {
    Map<String, String> marks = new TreeMap<>();
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      if (isMarked(snapshot)) {
        snapshot
            .summary()
            .forEach(
                (key, value) -> {
                  if (key.equals(RUN) || key.startsWith(CommittedBy.PREFIX)) {
                    marks.put(key, value);
                  }
                });
        break;
      }
    }
    return marks;
  }

  /** Whether the snapshot tells who wrote the table: a run, or a checkpoint of a stream. */
  public static boolean isMarked(Snapshot snapshot) {
    return begins(snapshot) || CommittedBy.checkpoint(snapshot).isPresent();
  }
}
