package io.stedi.lakehouse.pipeline;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.lake.Lease;
import io.stedi.lakehouse.lake.RunReport.Outcome;
import io.stedi.lakehouse.lake.StagedWrite;
import org.apache.flink.api.common.io.FinalizeOnMaster;
import org.apache.flink.api.common.io.OutputFormat;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.table.data.RowData;

/**
 * Publishes what the job wrote, reports it, and gives the lease back. Flink calls it in the
 * JobManager when all tasks have finished and before the job has: a job whose publication fails has
 * failed, and one that is cut short in it runs again.
 */
final class Publication implements OutputFormat<RowData>, FinalizeOnMaster {

  private static final long serialVersionUID = 1L;

  private final JobRun run;

  Publication(JobRun run) {
    this.run = requireNonNull(run, "run");
  }

  @Override
  public void finalizeGlobal(FinalizationContext context) {
    try (Lake lake = run.openLake();
        Lease lease = Lease.take(lake, run.id())) {
      if (run.replaces()) {
        StagedWrite.resume(lake, run.tables(), lease).publish();
        RunProgress.end(lake, run);
      } else {
        RunProgress.report(lake, run, Outcome.ENDED);
      }
    } catch (LakehouseException e) {
      // What another run has changed stays changed, however often this one is repeated.
      throw new SuppressRestartsException(e);
    }
  }

  @Override
  public void configure(Configuration parameters) {}

  @Override
  public void open(InitializationContext context) {}

  /** The row says nothing. */
  @Override
  public void writeRecord(RowData row) {}

  @Override
  public void close() {}
}
