package io.stedi.lakehouse.pipeline;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.failure.Failures;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.lake.LakeSummary;
import io.stedi.lakehouse.lake.Lease;
import io.stedi.lakehouse.lake.RunReport;
import io.stedi.lakehouse.lake.RunReport.Outcome;
import io.stedi.lakehouse.lake.RunReport.Part;
import io.stedi.lakehouse.lake.StagedWrite;
import io.stedi.lakehouse.program.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.client.JobCancellationException;
import org.apache.flink.runtime.client.JobExecutionException;
import org.apache.flink.util.ExceptionUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A job that was submitted. */
public final class PipelineRun {

  private static final Logger LOG = LoggerFactory.getLogger(PipelineRun.class);

  private final JobClient job;
  private final Lake lake;
  private final Plan plan;
  private final Lease lease;
  private final StagedWrite staged;
  private final String savepoints;
  private final List<String> notices;

  /** Whether the job was asked to end, after which its end is no failure. */
  private volatile boolean stopped;

  /**
   * @param lake the lake that the job fills, for {@link #summary}
   * @param lease handed over to the job
   * @param staged what the job publishes at its end; null if it commits as it goes
   * @param savepoints the URI of the folder for savepoints; null if the run keeps no state of its
   *     own
   * @param notices for whoever started it
   */
  PipelineRun(
      JobClient job,
      Lake lake,
      Plan plan,
      Lease lease,
      StagedWrite staged,
      String savepoints,
      List<String> notices) {
    this.job = requireNonNull(job, "job");
    this.lake = requireNonNull(lake, "lake");
    this.plan = requireNonNull(plan, "plan");
    this.lease = requireNonNull(lease, "lease");
    this.staged = staged;
    this.savepoints = savepoints;
    this.notices = List.copyOf(notices);
  }

  /** The job's id, by which Flink's own tools know it. */
  public JobID id() {
    return job.getJobID();
  }

  /** What the tables that the job fills hold now. */
  public LakeSummary summary() {
    return LakeSummary.of(lake, plan.targets(), plan.command());
  }

  /**
   * How the job is doing.
   *
   * @throws LakehouseException if its cluster does not answer
   */
  public JobStatus status() {
    return get(job.getJobStatus(), "The status of the job cannot be told");
  }

  /** What whoever started the run should know about how it began. */
  public List<String> notices() {
    return notices;
  }

  /**
   * Ends a streaming job so that the next run goes on where it was: with a savepoint or, where none
   * can be written now, at once, with its last checkpoint left.
   *
   * @return whether there is a savepoint
   * @throws LakehouseException if the cluster does not answer
   * @throws IllegalStateException if the run does not keep its own state
   */
  public boolean stop() {
    if (savepoints == null) {
      throw new IllegalStateException("What is not kept here is stopped by its cluster.");
    }
    stopped = true;
    try {
      LOG.info(
          "stopped with savepoint {}",
          join(job.stopWithSavepoint(false, savepoints, SavepointFormatType.NATIVE)));
      return true;
    } catch (ExecutionException e) {
      LOG.warn("no savepoint could be written", e);
      if (!status().isGloballyTerminalState()) {
        cancel();
      }
      return false;
    }
  }

  /** Ends the job at once. What a batch job wrote is not published. */
  public void cancel() {
    get(job.cancel(), "The job cannot be cancelled");
  }

  /**
   * Waits for the job to end.
   *
   * @throws LakehouseException if the job fails, or cannot publish its result; in batch mode the
   *     tables hold what they held before
   */
  public void await() {
    try (lease) {
      long start = System.nanoTime();
      try {
        join(job.getJobExecutionResult());
        LOG.info("job {} finished after {} ms", id(), millisSince(start));
      } catch (ExecutionException e) {
        if (stopped
            && ExceptionUtils.findThrowable(e, JobCancellationException.class).isPresent()) {
          LOG.info("job {} stopped after {} ms", id(), millisSince(start));
          return;
        }
        LOG.info("job {} failed after {} ms", id(), millisSince(start));
        LakehouseException explained = Failures.explain("The job failed", e);
        // Else it is the asking that failed, and the job may write on.
        if (staged != null
            && ExceptionUtils.findThrowable(e, JobExecutionException.class).isPresent()) {
          abandon(staged, explained);
        }
        new RunReport(
                lease.run(),
                plan.command(),
                plan.mode().lowerCaseName(),
                plan.meaning(),
                Instant.now().minus(Duration.ofNanos(System.nanoTime() - start)))
            .add(
                lake,
                Outcome.FAILED,
                List.of(Part.of(null, explained.getMessage())),
                RunReport.now());
        throw explained;
      }
    }
  }

  /** Drops what a run that failed has written. */
  static void abandon(StagedWrite staged, Throwable failure) {
    try {
      staged.abandon();
    } catch (RuntimeException | Error second) {
      // The next run drops the branches; why this one failed is what has to be told.
      failure.addSuppressed(second);
    }
  }

  private static <T> T get(CompletableFuture<T> future, String what) {
    try {
      return join(future);
    } catch (ExecutionException e) {
      throw Failures.explain(what, e);
    }
  }

  private static <T> T join(CompletableFuture<T> future) throws ExecutionException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw LakehouseException.system("The run was interrupted.", e);
    }
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }
}
