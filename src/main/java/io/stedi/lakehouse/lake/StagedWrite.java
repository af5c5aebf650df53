package io.stedi.lakehouse.lake;

import io.stedi.lakehouse.failure.LakehouseException;
import java.util.List;
import org.apache.iceberg.ManageSnapshots;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces the content of several tables after all of it has been written. Each table gets an empty
 * branch, the job writes there, and {@link #publish} moves the tables' current content to it.
 * Readers see the former content until then, and for good if the job fails.
 *
 * <p>Chosen over {@code INSERT OVERWRITE}, which replaces only the partitions that get new rows,
 * leaves a table as it was when its new content is empty, and publishes each table when its own
 * sink is done, so that a failing job leaves a mixture of old and new. Publishing is one commit per
 * table: for the moments between the first and the last, a reader of several tables can still see
 * both.
 */
public final class StagedWrite {

  private static final Logger LOG = LoggerFactory.getLogger(StagedWrite.class);
  private static final String PREFIX = "staged-";

  private final List<Table> tables;
  private final String branch;

  private StagedWrite(List<Table> tables, String branch) {
    this.tables = tables;
    this.branch = branch;
  }

  /**
   * Gives each table an empty branch, and drops those that a killed run left.
   *
   * @param run tells this run's branches from another's
   */
  public static StagedWrite begin(List<Table> tables, String run) {
    String branch = PREFIX + run;
    for (Table table : tables) {
      dropBranches(table);
      table.newDelete().deleteFromRowFilter(Expressions.alwaysTrue()).toBranch(branch).commit();
      LOG.info("{}: began branch {}", table.name(), branch);
    }
    return new StagedWrite(tables, branch);
  }

  /** The branch to write to. */
  public String branch() {
    return branch;
  }

  /**
   * Makes what was written the tables' current content.
   *
   * @throws LakehouseException if another run has written to a table since {@link #begin}
   */
  public void publish() {
    for (Table table : tables) {
      long start = System.nanoTime();
      table.refresh();
      try {
        ManageSnapshots refs = table.manageSnapshots();
        if (table.currentSnapshot() == null) {
          refs.replaceBranch(SnapshotRef.MAIN_BRANCH, branch);
        } else {
          refs.fastForwardBranch(SnapshotRef.MAIN_BRANCH, branch);
        }
        refs.removeBranch(branch).commit();
      } catch (IllegalArgumentException e) {
        throw LakehouseException.system(
            "The table %s was written to by another run while this one ran. Its content was left as that run made it; run again."
                .formatted(table.name()),
            e);
      }
      Snapshot published = table.currentSnapshot();
      LOG.info(
          "{}: published snapshot {}, {} rows, {} ms",
          table.name(),
          published.snapshotId(),
          published.summary().getOrDefault(SnapshotSummary.TOTAL_RECORDS_PROP, "0"),
          (System.nanoTime() - start) / 1_000_000);
    }
  }

  /** Drops the branches; the tables keep the content they had. */
  public void abandon() {
    tables.forEach(StagedWrite::dropBranches);
    LOG.info("abandoned branch {}", branch);
  }

  private static void dropBranches(Table table) {
    table.refresh();
    List<String> staged =
        table.refs().keySet().stream().filter(name -> name.startsWith(PREFIX)).toList();
    if (!staged.isEmpty()) {
      ManageSnapshots refs = table.manageSnapshots();
      staged.forEach(refs::removeBranch);
      refs.commit();
    }
  }
}
