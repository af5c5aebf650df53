package io.stedi.lakehouse.cli;

import java.util.Properties;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** Makes what tells of a job's progress. Only a job whose configuration names it has it. */
public final class ProgressReporterFactory implements MetricReporterFactory {

  /** Called by Flink's service loading. */
  public ProgressReporterFactory() {}

  @Override
  public MetricReporter createMetricReporter(Properties properties) {
    return new ProgressReporter(System.err);
  }
}
