package io.stedi.lakehouse.pipeline;

import io.stedi.lakehouse.function.Canonical;
import io.stedi.lakehouse.function.ForgottenIds;
import io.stedi.lakehouse.function.FragmentTokens;
import io.stedi.lakehouse.function.PseudonymKey;
import io.stedi.lakehouse.lake.ForgottenTable;
import io.stedi.lakehouse.lake.LakeAddress;
import java.time.Instant;
import java.util.List;
import org.apache.flink.metrics.Counter;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * SQL functions {@code is_forgotten(what, text, time)}: whether a record of that time is of an
 * account or a device that is forgotten, in any spelling; and {@code is_forgotten(fragment)}:
 * whether bytes that are not a valid record name one. Flink's counter {@code forgotten} counts the
 * records.
 *
 * <p>Somebody who registers anew is a new person: what is of a later time than the wish to be
 * forgotten is not.
 *
 * <p>The list is read from the lake, and again while the job runs. As long as nobody is forgotten
 * it costs no more than to look at the clock.
 */
public final class IsForgotten extends ScalarFunction {

  private static final long serialVersionUID = 1L;

  /** How many answers of the hash are remembered: some megabytes. */
  private static final int REMEMBERED = 10_000;

  private transient ForgottenList list;
  private transient ForgottenIds ids;
  private transient Counter forgotten;

  @Override
  public void open(FunctionContext context) {
    ids = new ForgottenIds(PseudonymKey.hashOfTask(context), REMEMBERED);
    list = new ForgottenList(LakeAddress.of(name -> context.getJobParameter(name, "")));
    forgotten = context.getMetricGroup().addGroup("kinesisanalytics").counter("forgotten");
  }

  /**
   * Whether a record is of one that is forgotten.
   *
   * @param time of the record; null if it has none, and then it is
   */
  public boolean eval(
      @DataTypeHint(value = "STRING", bridgedTo = StringData.class) StringData what,
      @DataTypeHint(value = "STRING", bridgedTo = StringData.class) StringData text,
      @DataTypeHint(value = "TIMESTAMP_LTZ(6)", bridgedTo = TimestampData.class)
          TimestampData time) {
    if (text == null || list.isEmpty()) {
      return false;
    }
    Instant at = time == null ? null : time.toInstant();
    return counted(is(what.toString(), Canonical.of(text.toString()), at));
  }

  /** Whether what has no time is of one that is forgotten. */
  public boolean eval(
      @DataTypeHint(value = "STRING", bridgedTo = StringData.class) StringData what,
      @DataTypeHint(value = "STRING", bridgedTo = StringData.class) StringData text) {
    return eval(what, text, null);
  }

  /** Whether bytes name an account or a device that is forgotten. */
  public boolean eval(byte[] fragment) {
    if (fragment == null || list.isEmpty()) {
      return false;
    }
    for (String token : FragmentTokens.of(fragment)) {
      for (String what : List.of(ForgottenTable.ACCOUNT, ForgottenTable.DEVICE)) {
        if (is(what, token, null)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean is(String what, String text, Instant time) {
    return list.holds(what, ids.of(what, text), time);
  }

  private boolean counted(boolean is) {
    if (is) {
      forgotten.inc();
    }
    return is;
  }

  @Override
  public void close() {
    if (list != null) {
      list.close();
    }
  }
}
