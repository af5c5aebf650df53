package io.stedi.lakehouse.pipeline;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.lake.Lease;
import io.stedi.lakehouse.lake.RunReport.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the lease of the lake for as long as the job lives. The enumerator of a source runs in the
 * JobManager from the job's beginning to its end, and starts again with it elsewhere. Its only
 * split, one number, ends the source at once, so that it does not hold up a job that ends. In a job
 * that reads on nobody gets that split: a task that ends makes Flink give up the checkpoint after
 * it.
 */
final class LeaseSource extends NumberSequenceSource {

  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(LeaseSource.class);

  /** How often a job that commits as it goes reports what it has written. */
  private static final Duration REPORT_INTERVAL = Duration.ofMinutes(10);

  private final JobRun run;
  private final boolean endless;

  /**
   * @param endless whether the job reads on until it is stopped
   */
  LeaseSource(JobRun run, boolean endless) {
    super(0, 0);
    this.run = requireNonNull(run, "run");
    this.endless = endless;
  }

  @Override
  public Boundedness getBoundedness() {
    return endless ? Boundedness.CONTINUOUS_UNBOUNDED : Boundedness.BOUNDED;
  }

  @Override
  public SplitEnumerator<NumberSequenceSplit, Collection<NumberSequenceSplit>> createEnumerator(
      SplitEnumeratorContext<NumberSequenceSplit> context) {
    return new Enumerator(run, endless, context, super.createEnumerator(context));
  }

  @Override
  public SplitEnumerator<NumberSequenceSplit, Collection<NumberSequenceSplit>> restoreEnumerator(
      SplitEnumeratorContext<NumberSequenceSplit> context,
      Collection<NumberSequenceSplit> checkpoint) {
    return new Enumerator(run, endless, context, super.restoreEnumerator(context, checkpoint));
  }

  private static final class Enumerator
      implements SplitEnumerator<NumberSequenceSplit, Collection<NumberSequenceSplit>> {

    private final JobRun run;
    private final boolean endless;
    private final SplitEnumeratorContext<NumberSequenceSplit> context;
    private final SplitEnumerator<NumberSequenceSplit, Collection<NumberSequenceSplit>> numbers;
    private Lake lake;
    private Lease lease;

    Enumerator(
        JobRun run,
        boolean endless,
        SplitEnumeratorContext<NumberSequenceSplit> context,
        SplitEnumerator<NumberSequenceSplit, Collection<NumberSequenceSplit>> numbers) {
      this.run = run;
      this.endless = endless;
      this.context = context;
      this.numbers = numbers;
    }

    /** Takes the lease over from the program that submitted the job. */
    @Override
    public void start() {
      lake = run.openLake();
      lease =
          Lease.take(
              lake,
              run.id(),
              loss ->
                  // Two jobs would write to the same tables, and a restart would not mend that.
                  context.runInCoordinatorThread(
                      () -> {
                        throw new SuppressRestartsException(loss);
                      }));
      numbers.start();
      if (!run.replaces()) {
        context.callAsync(
            () -> {
              RunProgress.report(lake, run, Outcome.RUNNING);
              return null;
            },
            (done, failure) -> {
              if (failure != null) {
                LOG.warn("what was written cannot be reported", failure);
              }
            },
            REPORT_INTERVAL.toMillis(),
            REPORT_INTERVAL.toMillis());
      }
    }

    @Override
    public void handleSplitRequest(int subtask, String host) {
      if (!endless) {
        numbers.handleSplitRequest(subtask, host);
      }
    }

    @Override
    public void addSplitsBack(List<NumberSequenceSplit> splits, int subtask) {
      numbers.addSplitsBack(splits, subtask);
    }

    @Override
    public void addReader(int subtask) {
      numbers.addReader(subtask);
    }

    @Override
    public Collection<NumberSequenceSplit> snapshotState(long checkpoint) throws Exception {
      return numbers.snapshotState(checkpoint);
    }

    @Override
    public void close() throws IOException {
      try (Lake opened = lake;
          Lease taken = lease) {
        numbers.close();
      }
    }
  }
}
