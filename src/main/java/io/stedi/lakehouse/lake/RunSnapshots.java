package io.stedi.lakehouse.lake;

import org.apache.iceberg.Snapshot;

/** What the summaries of snapshots tell of the run that committed them. */
public final class RunSnapshots {

  /** In the summary of the snapshot that empties a table or a branch: the run that did. */
  static final String RUN = "stedi.run";

  private RunSnapshots() {}

  /** Whether a run began with this snapshot, which holds none of the command's rows. */
  public static boolean begins(Snapshot snapshot) {
    return snapshot.summary().containsKey(RUN);
  }

  /** Whether the snapshot tells who wrote the table: a run, or a checkpoint of a stream. */
  public static boolean isMarked(Snapshot snapshot) {
    return begins(snapshot) || CommittedBy.checkpoint(snapshot).isPresent();
  }
}
