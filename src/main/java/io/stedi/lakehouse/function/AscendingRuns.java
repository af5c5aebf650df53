package io.stedi.lakehouse.function;

import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.TableFunction;

/**
 * SQL function {@code ascending_runs(text, number)}: the runs of the rows that it is called for, a
 * row for each. A run is of rows that a task comes by one after another, all of one text, each with
 * a greater number than the one before. So in a run nothing is twice, and of rows that lie in order
 * there are few runs, by which more can be told of them than by each.
 *
 * <p>A run is told with the row after it, the last one of a task when its rows have come to their
 * end: it stands beside a row that is none of its own, and is of use only where rows end.
 */
@FunctionHint(
    output =
        @DataTypeHint(
            value =
                "ROW<`text` STRING NOT NULL, first_number BIGINT NOT NULL, last_number BIGINT NOT NULL>",
            bridgedTo = RowData.class))
public final class AscendingRuns extends TableFunction<RowData> {

  private static final long serialVersionUID = 1L;

  /** The text of the run that goes on; null before the first row. */
  private transient BinaryStringData text;

  private transient long first;
  private transient long last;

  @Override
  public void open(FunctionContext context) {
    text = null;
  }

  /** Takes a row; its text is not null. */
  public void eval(
      @DataTypeHint(value = "STRING NOT NULL", bridgedTo = StringData.class) StringData text,
      @DataTypeHint("BIGINT NOT NULL") long number) {
    if (!text.equals(this.text) || number <= last) {
      finish();
      // The rows that come share their memory.
      this.text = ((BinaryStringData) text).copy();
      first = number;
    }
    last = number;
  }

  @Override
  public void finish() {
    if (text != null) {
      collect(GenericRowData.of(text, first, last));
    }
  }

  /** It depends on what came before. */
  @Override
  public boolean isDeterministic() {
    return false;
  }
}
