package io.stedi.lakehouse.source;

import io.stedi.lakehouse.scan.ScanLimits;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;

/** The options of the {@code sensor-json} connector. */
final class SensorJsonOptions {

  /** Initial size of a reader's buffer, in bytes. */
  private static final int WINDOW_BYTES = 128 << 10;

  static final ConfigOption<String> PATH =
      ConfigOptions.key("path")
          .stringType()
          .noDefaultValue()
          .withDescription("The file or the folder that is read, with all folders in it.");

  static final ConfigOption<String> PATTERN =
      ConfigOptions.key("pattern")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Which files below the path are read, a regular expression for their whole path.");

  static final ConfigOption<String> ROOT =
      ConfigOptions.key("root")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "The folder that source_file is relative to. Files outside of it, and all files"
                  + " without it, are named by their full path.");

  static final ConfigOption<List<String>> OPTIONAL_FIELDS =
      ConfigOptions.key("optional-fields")
          .stringType()
          .asList()
          .defaultValues()
          .withDescription(
              "The data columns that a record need not have a value for. A value that such a column"
                  + " cannot hold is taken for null and noted in unusable_values. Without a value for"
                  + " every other column, blank text being none, an object is a reject.");

  static final ConfigOption<String> TIMESTAMP_MIN =
      ConfigOptions.key("timestamp.min")
          .stringType()
          .defaultValue("2000-01-01T00:00:00Z")
          .withDescription(
              "The earliest instant that is believed, in ISO-8601. A time that lost digits in a cut"
                  + " lies far before it.");

  static final ConfigOption<String> TIMESTAMP_MAX =
      ConfigOptions.key("timestamp.max")
          .stringType()
          .defaultValue("2100-01-01T00:00:00Z")
          .withDescription("The first instant that is no longer believed, in ISO-8601.");

  static final ConfigOption<MemorySize> MAX_RECORD_BYTES =
      ConfigOptions.key("max-record-bytes")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(1))
          .withDescription(
              "The longest object that can be a record. A reader's memory grows to twice this.");

  static final ConfigOption<MemorySize> REJECT_BYTES_LIMIT =
      ConfigOptions.key("reject-bytes-limit")
          .memoryType()
          .defaultValue(new MemorySize(4096))
          .withDescription("How much of a reject is kept in reject_bytes.");

  static final ConfigOption<Duration> MONITOR_INTERVAL =
      ConfigOptions.key("monitor-interval")
          .durationType()
          .defaultValue(Duration.ZERO)
          .withDescription(
              "The time between two looks for new files. Zero, and in batch any, reads the files that"
                  + " are there and ends.");

  static final ConfigOption<Duration> SETTLE_TIME =
      ConfigOptions.key("settle-time")
          .durationType()
          .defaultValue(Duration.ofSeconds(3))
          .withDescription(
              "For how long a watched file must be seen unchanged before it is read. Object stores"
                  + " show whole objects only, which are read at once.");

  static final ConfigOption<Duration> LISTING_PATIENCE =
      ConfigOptions.key("listing-patience")
          .durationType()
          .defaultValue(Duration.ofMinutes(1))
          .withDescription(
              "For how long a watched folder may be impossible to list before the job fails.");

  private SensorJsonOptions() {}

  static Set<ConfigOption<?>> all() {
    return Set.of(
        PATH,
        PATTERN,
        ROOT,
        OPTIONAL_FIELDS,
        TIMESTAMP_MIN,
        TIMESTAMP_MAX,
        MAX_RECORD_BYTES,
        MONITOR_INTERVAL,
        SETTLE_TIME,
        LISTING_PATIENCE,
        REJECT_BYTES_LIMIT);
  }

  /**
   * The bounds that the options set.
   *
   * @throws ValidationException naming the option that has no meaningful value
   */
  static ScanLimits limits(ReadableConfig options) {
    long minTime = epochMillis(options, TIMESTAMP_MIN);
    long maxTime = epochMillis(options, TIMESTAMP_MAX);
    if (minTime >= maxTime) {
      throw new ValidationException(
          String.format(
              "Option '%s' must be an instant before that of '%s'.",
              TIMESTAMP_MIN.key(), TIMESTAMP_MAX.key()));
    }
    return new ScanLimits(
        WINDOW_BYTES,
        bytes(options, MAX_RECORD_BYTES, 2),
        bytes(options, REJECT_BYTES_LIMIT, 0),
        minTime,
        maxTime);
  }

  /** How the folder is watched; null if it is read once. */
  static Watch watch(ReadableConfig options) {
    Duration interval = options.get(MONITOR_INTERVAL);
    return interval.isZero()
        ? null
        : new Watch(interval, options.get(SETTLE_TIME), options.get(LISTING_PATIENCE));
  }

  private static long epochMillis(ReadableConfig options, ConfigOption<String> option) {
    String text = options.get(option);
    try {
      return Instant.parse(text).toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw new ValidationException(
          String.format(
              "Option '%s' must be an instant such as %s, but is '%s'.",
              option.key(), option.defaultValue(), text),
          e);
    }
  }

  private static int bytes(ReadableConfig options, ConfigOption<MemorySize> option, int min) {
    long bytes = options.get(option).getBytes();
    if (bytes < min || bytes > ScanLimits.MAX_RECORD_BYTES) {
      throw new ValidationException(
          String.format(
              "Option '%s' must be within %d and %d bytes, but is %d.",
              option.key(), min, ScanLimits.MAX_RECORD_BYTES, bytes));
    }
    return (int) bytes;
  }
}
