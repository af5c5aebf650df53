package io.stedi.lakehouse.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.HistogramStatistics;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.Scheduled;

/**
 * Tells how many records are read and rows written, from the job's metrics, in one line, and where
 * a folder is watched how soon the rows of its files are committed. A job that is restarted counts
 * on from where it was.
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
  private final Sum changed = new Sum();
  private final Sum left = new Sum();
  private final Sum unlisted = new Sum();
  private final Set<Histogram> freshness = ConcurrentHashMap.newKeySet();
  private volatile Gauge<?> restarts = () -> 0;
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
    if (name.equals("numRestarts") && metric instanceof Gauge<?> gauge) {
      restarts = gauge;
    }
    if (name.equals("freshnessMs") && metric instanceof Histogram histogram) {
      freshness.add(histogram);
    }
  }

  @Override
  public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
    Sum sum = sum(name, group.getAllVariables());
    if (sum != null && metric instanceof Counter counter) {
      sum.keep(counter);
    }
    if (metric instanceof Histogram histogram) {
      freshness.remove(histogram);
    }
  }

  /** What a metric is part of; null for most. */
  private Sum sum(String name, Map<String, String> variables) {
    String operator = variables.getOrDefault(OPERATOR, "");
    if (operator.startsWith("Source: ") && operator.contains("_raw")) {
      return switch (name) {
        case "numRecordsIn" -> records;
        case "numBytesIn" -> bytes;
        case "filesChanged" -> changed;
        case "filesLeft" -> left;
        case "listingFailures" -> unlisted;
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
    String line = "%,d%s records read, %,d rows written".formatted(read, of, rows.get());
    String fresh = freshness();
    if (!fresh.isEmpty()) {
      line += ", " + fresh;
    }
    if (changed.get() > 0) {
      line += ", %,d files changed after they were read (see the log)".formatted(changed.get());
    }
    if (left.get() > 0) {
      line += ", %,d files came too late to be read (see the log)".formatted(left.get());
    }
    if (unlisted.get() > 0) {
      line += ", the folder could not be listed %,d times (see the log)".formatted(unlisted.get());
    }
    if (restarts.getValue() instanceof Number count && count.longValue() > 0) {
      line += ", restarted after %,d failures (see the log)".formatted(count.longValue());
    }
    return line;
  }

  /** Of the kind of files that is slowest; empty if nothing has come since the run began. */
  private String freshness() {
    double median = 0;
    double most = 0;
    boolean measured = false;
    for (Histogram kind : freshness) {
      if (kind.getCount() > 0) {
        HistogramStatistics millis = kind.getStatistics();
        median = Math.max(median, millis.getQuantile(0.5));
        most = Math.max(most, millis.getQuantile(0.99));
        measured = true;
      }
    }
    return measured
        ? "files committed within %.1f s (99%%: %.1f s)".formatted(median / 1000, most / 1000)
        : "";
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
