package io.stedi.lakehouse.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.Scheduled;

/**
 * Tells how many records are read and rows written, from Flink's own metrics, in one line. A job
 * that is restarted counts on from where it was.
 */
final class ProgressReporter implements MetricReporter, Scheduled {

  /** Whether the line may be written over. */
  static final String TERMINAL = "terminal";

  /** How many bytes there are to read. */
  static final String BYTES = "bytes";

  private static final String OPERATOR = "<operator_name>";
  private static final String CLEAR_LINE = "\r\033[K";

  private final PrintStream out;
  private final Sum records = new Sum();
  private final Sum bytes = new Sum();
  private final Sum rows = new Sum();
  private long start;
  private long total;
  private boolean terminal;
  private String last = "";

  ProgressReporter(PrintStream out) {
    this.out = requireNonNull(out, "out");
  }

  @Override
  public void open(MetricConfig config) {
    start = System.nanoTime();
    total = config.getLong(BYTES, 0);
    terminal = config.getBoolean(TERMINAL, false);
  }

  @Override
  public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
    Sum sum = sum(name, group.getAllVariables());
    if (sum != null && metric instanceof Counter counter) {
      sum.add(counter);
    }
  }

  @Override
  public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
    Sum sum = sum(name, group.getAllVariables());
    if (sum != null && metric instanceof Counter counter) {
      sum.keep(counter);
    }
  }

  /** What a metric is part of; null for most. */
  private Sum sum(String name, Map<String, String> variables) {
    String operator = variables.getOrDefault(OPERATOR, "");
    if (operator.startsWith("Source: ") && operator.contains("_raw")) {
      return switch (name) {
        case "numRecordsIn" -> records;
        case "numBytesIn" -> bytes;
        default -> null;
      };
    }
    return name.equals("numRecordsIn") && operator.endsWith(": Writer") ? rows : null;
  }

  /** On a terminal the time goes on; elsewhere a line is not said twice. */
  @Override
  public void report() {
    String line = line();
    if (line.isEmpty() || (line.equals(last) && !terminal)) {
      return;
    }
    last = line;
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    String timed = "%s, %d s".formatted(line, seconds);
    if (terminal) {
      out.print(CLEAR_LINE + timed);
    } else {
      out.println(timed);
    }
    out.flush();
  }

  /** The state without the time; empty before anything is read. */
  String line() {
    long read = records.get();
    if (read == 0) {
      return "";
    }
    long seen = bytes.get();
    // What is compressed holds more than it is long.
    String of =
        seen == 0 || seen >= total
            ? ""
            : " of about %,d".formatted(Math.round((double) read * total / seen));
    return "%,d%s records read, %,d rows written".formatted(read, of, rows.get());
  }

  @Override
  public void close() {
    if (terminal && !last.isEmpty()) {
      out.print(CLEAR_LINE);
      out.flush();
    }
  }

  /** The sum of counters that come and go. */
  private static final class Sum {

    private final Set<Counter> running = Collections.newSetFromMap(new IdentityHashMap<>());
    private long kept;

    synchronized void add(Counter counter) {
      running.add(counter);
    }

    synchronized void keep(Counter counter) {
      if (running.remove(counter)) {
        kept += counter.getCount();
      }
    }

    synchronized long get() {
      return kept + running.stream().mapToLong(Counter::getCount).sum();
    }
  }
}
