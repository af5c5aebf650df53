package io.stedi.lakehouse.raw;

import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.table.data.RowData;

/**
 * Keeps back the last watermark, later than all times, that Flink lets every source end with.
 *
 * <p>Where rows only wait for time to pass until they may be forgotten, that watermark makes a job
 * forget all of them in the moment in which it is about to be thrown away as a whole: a timer for
 * each row, fired in one step that no checkpoint passes. With ten million rows that took longer
 * than a checkpoint may take.
 */
final class EndlessTime extends AbstractStreamOperator<RowData>
    implements OneInputStreamOperator<RowData, RowData> {

  private static final long serialVersionUID = 1L;

  @Override
  public void processElement(StreamRecord<RowData> row) {
    output.collect(row);
  }

  @Override
  public void processWatermark(Watermark reached) throws Exception {
    if (!reached.equals(Watermark.MAX_WATERMARK)) {
      super.processWatermark(reached);
    }
  }
}
