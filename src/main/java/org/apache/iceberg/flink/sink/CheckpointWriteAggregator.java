package org.apache.iceberg.flink.sink;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableWithLineage;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.ExceptionUtils;
import org.apache.iceberg.flink.TableLoader;
import org.apache.iceberg.io.WriteResult;

/**
 * Makes a committable of the files of each checkpoint, also of one that was given up after some
 * writers took part in it. Iceberg's own aggregator makes one of all files that came since the last
 * checkpoint that it took part in itself. Committed at once, they have one sequence number, and the
 * deletes of the later checkpoint do not reach the rows of the earlier one: rows that were replaced
 * or withdrawn stay in the table.
 *
 * <p>Iceberg's committer commits the checkpoints one after the other, as it does with those that
 * were complete. It takes what has the number of a checkpoint that it has committed for committed.
 * Iceberg's own aggregator has no state, and Flink tells the number of the restored checkpoint only
 * to operators that have some: where an input ends between a restart and the next checkpoint, its
 * last rows would get the number 1 and be dropped. This one has state.
 */
final class CheckpointWriteAggregator extends IcebergWriteAggregator {

  private static final long serialVersionUID = 1L;

  private static final ListStateDescriptor<Long> LAST_CHECKPOINT =
      new ListStateDescriptor<>("last-checkpoint", Types.LONG);

  /** The number of the last checkpoint, for the sake of having state. */
  private transient ListState<Long> lastCheckpoint;

  /** What is committed has higher numbers. */
  private long restored;

  /** The files that came since the last barrier, by the checkpoint that their writer closed. */
  private final TreeMap<Long, List<StreamRecord<CommittableMessage<WriteResult>>>> results =
      new TreeMap<>();

  CheckpointWriteAggregator(TableLoader table) {
    super(table);
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    lastCheckpoint = context.getOperatorStateStore().getListState(LAST_CHECKPOINT);
    restored = context.getRestoredCheckpointId().orElse(0);
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    lastCheckpoint.update(List.of(context.getCheckpointId()));
  }

  @Override
  public void processElement(StreamRecord<CommittableMessage<WriteResult>> element) {
    if (element.getValue() instanceof CommittableWithLineage<WriteResult> result) {
      results
          .computeIfAbsent(
              Math.max(result.getCheckpointId(), restored + 1), checkpoint -> new ArrayList<>())
          .add(element);
    }
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpoint) throws IOException {
    while (!results.isEmpty() && results.firstKey() < checkpoint) {
      aggregate(results.firstKey());
    }
    aggregate(checkpoint);
  }

  /** Writers count a checkpoint that was given up if they took part in it, and then end later. */
  @Override
  public void finish() throws IOException {
    super.finish();
    while (!results.isEmpty()) {
      aggregate(results.firstKey());
    }
  }

  private void aggregate(long checkpoint) throws IOException {
    List<StreamRecord<CommittableMessage<WriteResult>>> closed = results.remove(checkpoint);
    if (closed != null) {
      for (StreamRecord<CommittableMessage<WriteResult>> result : closed) {
        try {
          super.processElement(result);
        } catch (Exception e) {
          ExceptionUtils.rethrowIOException(e);
        }
      }
    }
    super.prepareSnapshotPreBarrier(checkpoint);
  }
}
