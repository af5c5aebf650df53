package io.stedi.lakehouse.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.junit.jupiter.api.Test;

class ProgressReporterTest {

  private static final MetricGroup PHONES = operator("Source: accelerometer_raw[1]");
  private static final MetricGroup STEPS = operator("Source: step_trainer_raw[36]");
  private static final MetricGroup LANDING = operator("lake.stedi.accelerometer_landing: Writer");

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final ProgressReporter reporter =
      new ProgressReporter(new PrintStream(printed, true, UTF_8));

  @Test
  void nothingIsSaidBeforeAnythingIsRead() {
    open(1000, false);
    add("numRecordsIn", PHONES, 0);
    reporter.report();
    assertThat(printed.toString(UTF_8)).isEmpty();
  }

  @Test
  void whatIsReadAndWrittenIsSummedUp() {
    open(1000, false);
    add("numRecordsIn", PHONES, 30);
    add("numRecordsIn", STEPS, 10);
    add("numBytesIn", PHONES, 300);
    add("numBytesIn", STEPS, 100);
    add("numRecordsIn", LANDING, 30);
    add("numRecordsOut", PHONES, 7);
    add("numRecordsIn", operator("Calc[3]"), 5);
    assertThat(reporter.line()).isEqualTo("40 of about 100 records read, 30 rows written");
  }

  @Test
  void ofAWatchedFolderItIsToldHowSoonFilesAreCommittedAndWhatIsNotRead() {
    open(0, false);
    add("numRecordsIn", PHONES, 40);
    addFreshness(PHONES, 1_000, 2_000, 9_000);
    addFreshness(STEPS, 2_500);
    addFreshness(operator("Source: customer_raw[1]"));
    add("filesChanged", PHONES, 2);
    add("filesLeft", STEPS, 4);
    add("listingFailures", STEPS, 3);
    assertThat(reporter.line())
        .isEqualTo(
            "40 records read, 0 rows written, files committed within 2.5 s (99%: 9.0 s),"
                + " 2 files changed after they were read (see the log),"
                + " 4 files came too late to be read (see the log),"
                + " the folder could not be listed 3 times (see the log)");
  }

  @Test
  void thatTheJobFailsAndIsRestartedIsTold() {
    open(0, false);
    add("numRecordsIn", PHONES, 30);
    AtomicLong restarts = new AtomicLong();
    Gauge<Long> gauge = restarts::get;
    reporter.notifyOfAddedMetric(gauge, "numRestarts", operator(""));
    assertThat(reporter.line()).isEqualTo("30 records read, 0 rows written");
    restarts.set(2);
    assertThat(reporter.line())
        .isEqualTo("30 records read, 0 rows written, restarted after 2 failures (see the log)");
  }

  @Test
  void whatIsDoneStaysCounted() {
    open(100, false);
    Counter counter = add("numRecordsIn", PHONES, 30);
    add("numBytesIn", PHONES, 100);
    reporter.notifyOfRemovedMetric(counter, "numRecordsIn", PHONES);
    add("numRecordsIn", PHONES, 1_000);
    assertThat(reporter.line()).isEqualTo("1,030 records read, 0 rows written");
  }

  @Test
  void aLineIsSaidOnceWhereItCannotBeWrittenOver() {
    open(0, false);
    add("numRecordsIn", PHONES, 30);
    reporter.report();
    reporter.report();
    assertThat(printed.toString(UTF_8)).matches("30 records read, 0 rows written, \\d+ s\\R");
  }

  @Test
  void onATerminalTheLineIsWrittenOverAndClearedInTheEnd() {
    open(0, true);
    add("numRecordsIn", PHONES, 30);
    reporter.report();
    reporter.report();
    reporter.close();
    assertThat(printed.toString(UTF_8))
        .matches("(\\r\\033\\[K30 records read, 0 rows written, \\d+ s){2}\\r\\033\\[K");
  }

  private void open(long bytes, boolean terminal) {
    MetricConfig config = new MetricConfig();
    config.setProperty(ProgressReporter.BYTES, String.valueOf(bytes));
    config.setProperty(ProgressReporter.TERMINAL, String.valueOf(terminal));
    reporter.open(config);
  }

  private Counter add(String name, MetricGroup group, long count) {
    Counter counter = new SimpleCounter();
    counter.inc(count);
    reporter.notifyOfAddedMetric(counter, name, group);
    return counter;
  }

  private void addFreshness(MetricGroup group, long... millis) {
    Histogram histogram = new DescriptiveStatisticsHistogram(10);
    for (long value : millis) {
      histogram.update(value);
    }
    reporter.notifyOfAddedMetric(histogram, "freshnessMs", group);
  }

  /** The metrics of an operator, of which only the variables are asked for. */
  private static MetricGroup operator(String name) {
    return (MetricGroup)
        Proxy.newProxyInstance(
            ProgressReporterTest.class.getClassLoader(),
            new Class<?>[] {MetricGroup.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("getAllVariables")) {
                return Map.of("<operator_name>", name);
              }
              throw new UnsupportedOperationException(method.toString());
            });
  }
}
