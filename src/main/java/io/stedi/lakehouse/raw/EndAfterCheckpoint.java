package io.stedi.lakehouse.raw;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;

/**
 * Lets a bounded source that goes on from a checkpoint end only after the next one.
 *
 * <p>Iceberg's sink (1.11) numbers what it commits by checkpoints. The operator in front of its
 * committer has no state, so after a restart it does not know of any until the next one passes;
 * where the input ends before that, its last rows get the number 1, and the committer takes them
 * for committed long ago and drops them without a word. Rows would be missing from every table
 * whose input ends less than a checkpoint's interval after a failure.
 */
final class EndAfterCheckpoint<SplitT extends SourceSplit, CheckpointT>
    implements SplitEnumerator<SplitT, CheckpointT> {

  private static final long NONE = -1;

  private final SplitEnumeratorContext<SplitT> context;
  private final SplitEnumerator<SplitT, CheckpointT> enumerator;

  /** The readers that there is nothing left for. */
  private final Set<Integer> ended = new TreeSet<>();

  /** Whether readers may not end yet. */
  private boolean held;

  /** The first checkpoint since the source (re)started, or {@link #NONE}. */
  private long next = NONE;

  private EndAfterCheckpoint(
      SplitEnumeratorContext<SplitT> context,
      Function<SplitEnumeratorContext<SplitT>, SplitEnumerator<SplitT, CheckpointT>> enumerator,
      boolean held) {
    this.context = context;
    this.held = held;
    this.enumerator = enumerator.apply(new Holding());
  }

  /** Of a source that begins: what it commits is the first. */
  static <SplitT extends SourceSplit, CheckpointT> EndAfterCheckpoint<SplitT, CheckpointT> ofNew(
      SplitEnumeratorContext<SplitT> context,
      Function<SplitEnumeratorContext<SplitT>, SplitEnumerator<SplitT, CheckpointT>> enumerator) {
    return new EndAfterCheckpoint<>(context, enumerator, false);
  }

  /** Of a source that goes on from a checkpoint. */
  static <SplitT extends SourceSplit, CheckpointT>
      EndAfterCheckpoint<SplitT, CheckpointT> ofRestored(
          SplitEnumeratorContext<SplitT> context,
          Function<SplitEnumeratorContext<SplitT>, SplitEnumerator<SplitT, CheckpointT>>
              enumerator) {
    return new EndAfterCheckpoint<>(context, enumerator, true);
  }

  @Override
  public void start() {
    enumerator.start();
  }

  @Override
  public void handleSplitRequest(int subtask, String host) {
    enumerator.handleSplitRequest(subtask, host);
  }

  /** A reader starts again; and with it, what its rows flow to. */
  @Override
  public void addSplitsBack(List<SplitT> splits, int subtask) {
    held = true;
    next = NONE;
    ended.remove(subtask);
    enumerator.addSplitsBack(splits, subtask);
  }

  @Override
  public void addReader(int subtask) {
    enumerator.addReader(subtask);
  }

  @Override
  public CheckpointT snapshotState(long checkpoint) throws Exception {
    if (next == NONE) {
      next = checkpoint;
    }
    return enumerator.snapshotState(checkpoint);
  }

  @Override
  public void notifyCheckpointComplete(long checkpoint) throws Exception {
    enumerator.notifyCheckpointComplete(checkpoint);
    if (held && next != NONE && checkpoint >= next) {
      held = false;
      List<Integer> readers = new ArrayList<>(ended);
      ended.clear();
      for (int reader : readers) {
        if (context.registeredReaders().containsKey(reader)) {
          context.signalNoMoreSplits(reader);
        }
      }
    }
  }

  @Override
  public void notifyCheckpointAborted(long checkpoint) throws Exception {
    enumerator.notifyCheckpointAborted(checkpoint);
  }

  @Override
  public void handleSourceEvent(int subtask, SourceEvent event) {
    enumerator.handleSourceEvent(subtask, event);
  }

  @Override
  public void close() throws IOException {
    enumerator.close();
  }

  /** What the enumerator sees: a reader that it ends is ended in time. */
  private final class Holding implements SplitEnumeratorContext<SplitT> {

    @Override
    public void signalNoMoreSplits(int subtask) {
      if (held) {
        ended.add(subtask);
      } else {
        context.signalNoMoreSplits(subtask);
      }
    }

    @Override
    public SplitEnumeratorMetricGroup metricGroup() {
      return context.metricGroup();
    }

    @Override
    public void sendEventToSourceReader(int subtask, SourceEvent event) {
      context.sendEventToSourceReader(subtask, event);
    }

    @Override
    public void sendEventToSourceReader(int subtask, int attempt, SourceEvent event) {
      context.sendEventToSourceReader(subtask, attempt, event);
    }

    @Override
    public int currentParallelism() {
      return context.currentParallelism();
    }

    @Override
    public Map<Integer, ReaderInfo> registeredReaders() {
      return context.registeredReaders();
    }

    @Override
    public Map<Integer, Map<Integer, ReaderInfo>> registeredReadersOfAttempts() {
      return context.registeredReadersOfAttempts();
    }

    @Override
    public void assignSplits(SplitsAssignment<SplitT> assignment) {
      context.assignSplits(assignment);
    }

    @Override
    public <T> void callAsync(Callable<T> callable, BiConsumer<T, Throwable> handler) {
      context.callAsync(callable, handler);
    }

    @Override
    public <T> void callAsync(
        Callable<T> callable, BiConsumer<T, Throwable> handler, long delay, long period) {
      context.callAsync(callable, handler, delay, period);
    }

    @Override
    public void runInCoordinatorThread(Runnable runnable) {
      context.runInCoordinatorThread(runnable);
    }

    @Override
    public void setIsProcessingBacklog(boolean isProcessingBacklog) {
      context.setIsProcessingBacklog(isProcessingBacklog);
    }
  }
}
