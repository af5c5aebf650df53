package io.stedi.lakehouse.pipeline;

import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.lake.LakeSummary;
import io.stedi.lakehouse.lake.RunReport;
import io.stedi.lakehouse.lake.RunReport.Outcome;
import io.stedi.lakehouse.lake.RunReport.Part;
import io.stedi.lakehouse.lake.TableContent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/** Reports what a job has written, from where the job is coordinated. */
final class RunProgress {

  /** The operation of a snapshot that changes no row. */
  private static final String REWRITTEN = "replace";

  private RunProgress() {}

  /** Reports what a job that commits as it goes has committed since the report before. */
  static void report(Lake lake, JobRun run, Outcome outcome) {
    Instant now = RunReport.now();
    Instant since = RunReport.lastOf(lake, run.id()).orElse(run.began());
    List<Part> parts = new ArrayList<>();
    for (Table table : lake.tables(run.tables())) {
      long rows = 0;
      Instant first = null;
      Instant last = null;
      for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
        Instant committed = Instant.ofEpochMilli(snapshot.timestampMillis());
        if (!committed.isAfter(since)) {
          break;
        }
        if (!committed.isAfter(now) && !snapshot.operation().equals(REWRITTEN)) {
          rows +=
              Long.parseLong(
                  snapshot.summary().getOrDefault(SnapshotSummary.ADDED_RECORDS_PROP, "0"));
          first = committed;
          last = last == null ? committed : last;
        }
      }
      if (last != null) {
        parts.add(new Part(Lake.nameOf(table), head(table), rows, Map.of(), first, last, null));
      }
    }
    run.report(since).add(lake, outcome, parts, now);
  }

  /** Reports what the tables hold at the end of a run that has replaced them. */
  static void end(Lake lake, JobRun run) {
    List<Part> parts = new ArrayList<>();
    for (Table table : lake.tables(run.tables())) {
      Snapshot current = table.currentSnapshot();
      Instant committed = current == null ? null : Instant.ofEpochMilli(current.timestampMillis());
      parts.add(
          new Part(
              Lake.nameOf(table),
              head(table),
              TableContent.of(table, run.command()).rows(),
              LakeSummary.rejects(table, run.command()),
              committed,
              committed,
              null));
    }
    run.report(run.began()).add(lake, Outcome.DONE, parts, RunReport.now());
  }

  private static Long head(Table table) {
    return table.currentSnapshot() == null ? null : table.currentSnapshot().snapshotId();
  }
}
