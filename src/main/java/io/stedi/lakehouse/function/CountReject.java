package io.stedi.lakehouse.function;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * SQL function {@code count_reject(kind, reason)}: the reason, and one more in Flink's counter
 * {@code rejects} of that kind of record and reason. Reasons name faults and columns, never
 * anything taken from the data, so there are few of them and none is personal.
 */
public final class CountReject extends ScalarFunction {

  private static final long serialVersionUID = 1L;

  /**
   * Amazon Managed Service for Apache Flink hands to CloudWatch what is in a group of this name.
   */
  private static final String GROUP = "kinesisanalytics";

  private transient MetricGroup group;
  private transient Map<String, Map<String, Counter>> counters;

  @Override
  public void open(FunctionContext context) {
    group = context.getMetricGroup().addGroup(GROUP);
    counters = new HashMap<>();
  }

  public String eval(String kind, String reason) {
    counters
        .computeIfAbsent(kind, name -> new HashMap<>())
        .computeIfAbsent(
            reason,
            name -> group.addGroup("kind", kind).addGroup("reason", reason).counter("rejects"))
        .inc();
    return reason;
  }

  /** Called as often as there are rejects, and no less. */
  @Override
  public boolean isDeterministic() {
    return false;
  }
}
