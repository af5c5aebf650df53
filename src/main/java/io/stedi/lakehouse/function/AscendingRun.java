package io.stedi.lakehouse.function;

import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * SQL function {@code ascending_run(text, number)}: which run a row belongs to. A run is of rows
 * that a task comes by one after another, all of one text, each with a greater number than the one
 * before. So in a run nothing is twice, and of rows that lie in order there are few runs, by which
 * more can be told of them than by each.
 *
 * <p>Rows of two tasks are of two runs. It is of use once in a query, for each table that is read:
 * where two calls come to be in one operator, they would be as one.
 */
public final class AscendingRun extends ScalarFunction {

  private static final long serialVersionUID = 1L;

  private transient long run;
  private transient int tasks;
  private transient BinaryStringData text;
  private transient long last;

  @Override
  public void open(FunctionContext context) {
    tasks = context.getTaskInfo().getNumberOfParallelSubtasks();
    run = context.getTaskInfo().getIndexOfThisSubtask();
    text = null;
  }

  /** The number of the run; the text is not null. */
  public long eval(
      @DataTypeHint(value = "STRING NOT NULL", bridgedTo = StringData.class) StringData text,
      @DataTypeHint("BIGINT NOT NULL") long number) {
    if (!text.equals(this.text) || number <= last) {
      run += tasks;
      // The rows that come share their memory.
      this.text = ((BinaryStringData) text).copy();
    }
    last = number;
    return run;
  }

  /** It depends on what came before. */
  @Override
  public boolean isDeterministic() {
    return false;
  }
}
