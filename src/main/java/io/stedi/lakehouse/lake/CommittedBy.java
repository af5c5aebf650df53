package io.stedi.lakehouse.lake;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.failure.LakehouseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * Who may have written what tables hold for a state to fit them: a job that goes on from a state
 * older than its tables writes rows again, and Iceberg's sink does not notice (apache/iceberg
 * #10892).
 *
 * @param run the run that emptied the tables, if they were
 * @param jobs the ids of the jobs of Flink that have written since
 * @param checkpoint the number of the state, which the jobs' commits do not go beyond
 */
public record CommittedBy(String run, Set<String> jobs, long checkpoint) {

  /** Of what Iceberg's sink for Flink writes into the summary of a snapshot. */
  static final String PREFIX = "flink.";

  private static final String JOB = PREFIX + "job-id";

  private static final String CHECKPOINT = PREFIX + "max-committed-checkpoint-id";

  /**
   * The number of the checkpoint with which a stream committed a snapshot; empty if none did. Those
   * of the jobs that go on from one another rise.
   */
  static Optional<Long> checkpoint(Snapshot snapshot) {
    return Optional.ofNullable(snapshot.summary().get(CHECKPOINT)).map(Long::valueOf);
  }

  /** What the commits of all tables for the same checkpoint have in common. */
  static String writes(Snapshot snapshot) {
    return snapshot.summary().get(JOB) + ":" + snapshot.summary().get(CHECKPOINT);
  }

  public CommittedBy {
    requireNonNull(run, "run");
    jobs = Set.copyOf(jobs);
  }

  /**
   * Looks at the newest snapshot whose writer can be told. Others, such as those of compaction,
   * change no rows.
   *
   * @throws LakehouseException if another run has replaced the table's content, there are commits
   *     from after the state, or no snapshot is left that tells
   */
  public void require(Table table) {
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      Map<String, String> summary = snapshot.summary();
      String emptied = summary.get(RunSnapshots.RUN);
      String job = summary.get(JOB);
      if (emptied != null) {
        requireOwn(table, emptied.equals(run));
        return;
      }
      if (job != null) {
        requireOwn(table, jobs.contains(job));
        if (Long.parseLong(summary.getOrDefault(CHECKPOINT, "0")) > checkpoint) {
          throw LakehouseException.usage(
              "The table %s holds rows from after checkpoint %d, from which the run would go on, and would get them twice. Give the newer state back, or --fresh to begin anew."
                  .formatted(Lake.nameOf(table), checkpoint));
        }
        return;
      }
    }
    if (table.currentSnapshot() != null) {
      throw LakehouseException.usage(
          "No snapshot of the table %s tells any more who wrote its rows: something else than stedi maintain has expired them. Give --fresh to begin anew."
              .formatted(Lake.nameOf(table)));
    }
  }

  private static void requireOwn(Table table, boolean own) {
    if (!own) {
      throw LakehouseException.usage(
          "Another run has replaced the rows of the table %s since the streaming run stopped, so that its state no longer fits them. Give --fresh to begin anew."
              .formatted(Lake.nameOf(table)));
    }
  }
}
