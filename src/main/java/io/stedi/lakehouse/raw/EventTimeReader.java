package io.stedi.lakehouse.raw;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.Counter;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;

/**
 * A reader that tells the enumerator what times it reads, and emits the watermark that the
 * enumerator makes of what all readers tell: one for the whole source, so that a reader without
 * files does not hold it back. Rows that come after it has passed them are counted, and marked; so
 * none is read before the enumerator has told how far it had come when the source was stopped.
 */
final class EventTimeReader implements SourceReader<RowData, FileSourceSplit> {

  private final SourceReader<RowData, FileSourceSplit> reader;
  private final SourceReaderContext context;
  private final EventTime eventTime;
  private final TimeWindow window;
  private final Counter lateRows;

  /** What rows go to; null before the first is asked for. Flink never changes it afterwards. */
  private Output output;

  /** Completed when the enumerator has told of the watermark for the first time. */
  private final CompletableFuture<Void> told = new CompletableFuture<>();

  /** What is emitted, and what makes a row late: the same, but after a stop. */
  private long watermark = WatermarkRounds.NONE;

  private long passed = WatermarkRounds.NONE;

  /**
   * @param reader reads the rows, which are of the kind that can be marked
   * @param lateRows counts the rows that come too late
   * @param clock milliseconds since the epoch
   */
  EventTimeReader(
      SourceReader<RowData, FileSourceSplit> reader,
      SourceReaderContext context,
      EventTime eventTime,
      Counter lateRows,
      LongSupplier clock) {
    this.reader = reader;
    this.context = context;
    this.eventTime = eventTime;
    this.window = new TimeWindow(clock);
    this.lateRows = lateRows;
  }

  @Override
  public InputStatus pollNext(ReaderOutput<RowData> rows) throws Exception {
    if (output == null) {
      output = new Output(rows);
      emitWatermark();
    }
    return told.isDone() ? reader.pollNext(output) : InputStatus.NOTHING_AVAILABLE;
  }

  @Override
  public void handleSourceEvents(SourceEvent event) {
    if (event instanceof WatermarkEvent reached) {
      watermark = Math.max(watermark, reached.watermark());
      passed = Math.max(passed, reached.passed());
      emitWatermark();
      told.complete(null);
    } else {
      reader.handleSourceEvents(event);
    }
  }

  /**
   * At once, as a reader that nothing comes to is not polled. Both are done by the task's thread.
   */
  private void emitWatermark() {
    if (output != null && watermark != WatermarkRounds.NONE) {
      output.emitWatermark(new Watermark(watermark));
    }
  }

  private void observe(RowData produced) {
    GenericRowData row = (GenericRowData) produced;
    Object rowTime = row.getField(eventTime.column());
    if (rowTime == null || rowTime == RowLayout.TIME_OF_REJECT) {
      return;
    }
    long time = ((TimestampData) rowTime).getMillisecond();
    if (time <= passed) {
      lateRows.inc();
      if (eventTime.lateColumn() >= 0) {
        row.setField(eventTime.lateColumn(), true);
      }
    }
    window.add(time).ifPresent(context::sendSourceEventToCoordinator);
  }

  @Override
  public void start() {
    reader.start();
  }

  @Override
  public List<FileSourceSplit> snapshotState(long checkpoint) {
    return reader.snapshotState(checkpoint);
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return told.isDone() ? reader.isAvailable() : told;
  }

  @Override
  public void addSplits(List<FileSourceSplit> splits) {
    window.refresh();
    reader.addSplits(splits);
  }

  @Override
  public void notifyNoMoreSplits() {
    reader.notifyNoMoreSplits();
  }

  @Override
  public void notifyCheckpointComplete(long checkpoint) throws Exception {
    reader.notifyCheckpointComplete(checkpoint);
  }

  @Override
  public void notifyCheckpointAborted(long checkpoint) throws Exception {
    reader.notifyCheckpointAborted(checkpoint);
  }

  @Override
  public void close() throws Exception {
    reader.close();
  }

  /** Sees every row on its way. */
  private class SplitOutput implements SourceOutput<RowData> {

    private final SourceOutput<RowData> rows;

    SplitOutput(SourceOutput<RowData> rows) {
      this.rows = rows;
    }

    @Override
    public void collect(RowData row) {
      observe(row);
      rows.collect(row);
    }

    @Override
    public void collect(RowData row, long timestamp) {
      observe(row);
      rows.collect(row, timestamp);
    }

    @Override
    public void emitWatermark(Watermark reached) {
      rows.emitWatermark(reached);
    }

    @Override
    public void markIdle() {
      rows.markIdle();
    }

    @Override
    public void markActive() {
      rows.markActive();
    }
  }

  /** Gives each split an output of its own, as Flink's does. */
  private final class Output extends SplitOutput implements ReaderOutput<RowData> {

    private final ReaderOutput<RowData> rows;

    Output(ReaderOutput<RowData> rows) {
      super(rows);
      this.rows = rows;
    }

    @Override
    public SourceOutput<RowData> createOutputForSplit(String split) {
      return new SplitOutput(rows.createOutputForSplit(split));
    }

    @Override
    public void releaseOutputForSplit(String split) {
      rows.releaseOutputForSplit(split);
    }
  }
}
