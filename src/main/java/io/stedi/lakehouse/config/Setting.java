package io.stedi.lakehouse.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.util.TimeUtils;

/** Every setting that the program knows: what it is for, what it may hold, and its default. */
public enum Setting {
  DATABASE(
      "database",
      "stedi",
      "a lower-case name",
      "The database of the tables in the catalog.",
      value -> value.matches("[a-z_][a-z0-9_]*")),
  INPUT_CUSTOMER(
      "input.customer", "", Setting.GLOB, "Which files hold customer records.", value -> true),
  INPUT_ACCELEROMETER(
      "input.accelerometer",
      "",
      Setting.GLOB,
      "Which files hold accelerometer records.",
      value -> true),
  INPUT_STEP_TRAINER(
      "input.step_trainer",
      "",
      Setting.GLOB,
      "Which files hold step trainer records.",
      value -> true),
  CONSENT_FROM_DATE(
      "consent.from-date",
      "false",
      Setting.TRUE_OR_FALSE,
      "Whether readings count only from their owner's consent date on.",
      Setting::isBoolean),
  CONSENT_EVERY_HOLDER(
      "consent.every-holder",
      "false",
      Setting.TRUE_OR_FALSE,
      "Whether a step reading counts only if each account that held its device at its time consents: from a registration of the device until the account's next registration.",
      Setting::isBoolean),
  MACHINE_LEARNING_MATCH(
      "machine-learning.match",
      "time",
      "time or device",
      "What pairs step readings with accelerometer readings: equal times, as published, or also the same customer.",
      Set.of("time", "device")::contains),
  MACHINE_LEARNING_TOLERANCE(
      "machine-learning.tolerance",
      "0ms",
      "a duration such as 0ms, 20ms or 1s, at most 1min",
      "How far apart the times of two paired readings may lie.",
      value -> parseTolerance(value).isPresent()),
  PARALLELISM(
      "parallelism",
      "",
      "auto (one task per core of this machine), a number from 1 to 1024, or nothing, which leaves it to the cluster",
      "The number of parallel tasks.",
      value -> value.isEmpty() || value.equals("auto") || isNumberFrom1(value)),
  NETWORK_MEMORY_PER_TASK(
      "network-memory-per-task",
      "",
      "a size from 1m to 1024m, or nothing, which leaves it to the cluster",
      "The network memory of Flink for each parallel task.",
      value -> value.isEmpty() || parseMemory(value).isPresent()),
  CHECKPOINT_INTERVAL(
      "streaming.checkpoint-interval",
      "",
      "a duration such as 500ms, 10s or 2min, or nothing, which leaves it to the cluster",
      "The time between two checkpoints, each of which commits to the tables.",
      value -> value.isEmpty() || parseDuration(value).isPresent()),
  STREAMING_BOUNDED(
      "streaming.bounded",
      "false",
      Setting.TRUE_OR_FALSE,
      "Whether a streaming run ends when it has read the files that were there when it began.",
      Setting::isBoolean),
  MONITOR_INTERVAL(
      "streaming.monitor-interval",
      "10s",
      Setting.A_DURATION,
      "The shortest time between two looks for new files.",
      value -> parseDuration(value).isPresent()),
  SETTLE_TIME(
      "streaming.settle-time",
      "3s",
      Setting.A_DURATION,
      "How long a file must be unchanged before it is read. Objects in object stores are read at once.",
      value -> parseDuration(value).isPresent()),
  STATE_TTL(
      "streaming.state-ttl",
      "none",
      "a duration such as 30d, or none",
      "How long a reading stays in state after it arrived: for changes of consent, for its pairs, and to recognise its copies. A withdrawal of consent does not reach what has left the state.",
      value -> value.equals("none") || parseDuration(value).isPresent()),
  STATE_FOLDER(
      "streaming.state-folder",
      "",
      "a path or URI, or nothing, which leaves checkpoints to the cluster",
      "Where a streaming run on one machine keeps its checkpoints and savepoints.",
      value -> true),
  MAINTENANCE_INTERVAL(
      "maintenance.interval",
      "10min",
      "a duration such as 10min, or none",
      "How often a streaming run on one machine maintains its tables.",
      value -> value.equals("none") || parseDuration(value).isPresent()),
  MAINTENANCE_TARGET_FILE_SIZE(
      "maintenance.target-file-size",
      "128m",
      "a size from 1m to 1024m",
      "How large merged files become. Files below three quarters of it count as small.",
      value -> parseMemory(value).isPresent()),
  MAINTENANCE_MIN_INPUT_FILES(
      "maintenance.min-input-files",
      "20",
      Setting.A_NUMBER,
      "How many small files a table, or a partition of it, has to have for them to be merged.",
      Setting::isNumberFrom1),
  MAINTENANCE_DELETE_FILE_THRESHOLD(
      "maintenance.delete-file-threshold",
      "10",
      Setting.A_NUMBER,
      "How many delete files have to apply to a data file for it to be rewritten.",
      Setting::isNumberFrom1),
  MAINTENANCE_MAX_DELETE_ROWS(
      "maintenance.max-delete-rows",
      "2000000",
      "a number of at most nine digits",
      "How many deleted keys are held in memory at once, some 200 bytes each. A table with more is reported and left.",
      value -> value.matches("[1-9][0-9]{0,8}")),
  MAINTENANCE_KEEP_COMMITS(
      "maintenance.keep-commits",
      "20",
      Setting.A_NUMBER,
      "How many commits of a stream, or runs, are kept at least. A stream resumes from these.",
      Setting::isNumberFrom1),
  MAINTENANCE_KEEP_TIME(
      "maintenance.keep-time",
      "1h",
      Setting.A_DURATION,
      "How long snapshots are kept at least, for queries that run, time travel and rollback.",
      value -> parseDuration(value).isPresent()),
  PSEUDONYM_SECRET_ID(
      "pseudonym.secret-id",
      "",
      "the name or ARN of a secret in AWS Secrets Manager",
      "The secret that holds the key of the pseudonyms. STEDI_PSEUDONYM_KEY in the environment wins.",
      value -> true),
  PSEUDONYM_SECRET_VERSION(
      "pseudonym.secret-version",
      "",
      "the id of a version of that secret, or nothing for the current one",
      "The version of the secret.",
      value -> true),
  PSEUDONYM_KEY_FILE(
      "pseudonym.key-file",
      "",
      "the path or URI of a file",
      "The file that holds the key of the pseudonyms, at least 32 bytes. A local run writes it if there is none.",
      value -> true),
  PSEUDONYM_ACCEPT_NEW_KEY(
      "pseudonym.accept-new-key",
      "false",
      Setting.TRUE_OR_FALSE,
      "Whether a batch run of all tables, or a streaming run with --fresh, may write them with another key, which changes every pseudonym.",
      Setting::isBoolean);

  /** Keys below these go to Iceberg's catalog and to Flink as they are. */
  static final List<String> FREE_PREFIXES = List.of("catalog.", "flink.");

  private static final String TRUE_OR_FALSE = "true or false";

  private static final String A_NUMBER = "a number from 1 to 1024";

  private static final String A_DURATION = "a duration such as 500ms, 10s or 2min";

  private static final String GLOB =
      "a glob for paths below the input, such as mobile-app/**, or nothing, which goes by the kinds that paths mention";

  /** Beyond it, every step would pair with thousands of motions. */
  private static final Duration LONGEST_TOLERANCE = Duration.ofMinutes(1);

  private static final MemorySize MOST_MEMORY = MemorySize.ofMebiBytes(1024);

  private final String key;
  private final String defaultValue;
  private final String allowed;
  private final String description;
  private final Predicate<String> valid;

  Setting(
      String key,
      String defaultValue,
      String allowed,
      String description,
      Predicate<String> valid) {
    this.key = key;
    this.defaultValue = defaultValue;
    this.allowed = allowed;
    this.description = description;
    this.valid = valid;
  }

  /** The key, as written in a file or after {@code -D}. */
  public String key() {
    return key;
  }

  String defaultValue() {
    return defaultValue;
  }

  /** What the setting may hold, in words. */
  String allowed() {
    return allowed;
  }

  /** What the setting is for, in a sentence or two. */
  String description() {
    return description;
  }

  boolean accepts(String value) {
    return valid.test(value);
  }

  static Optional<Setting> ofKey(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key.equals(key)).findFirst();
  }

  private static boolean isBoolean(String value) {
    return value.equals("true") || value.equals("false");
  }

  private static boolean isNumberFrom1(String value) {
    return value.matches("[1-9][0-9]{0,3}") && Integer.parseInt(value) <= 1024;
  }

  /** A size from a megabyte to a gigabyte, with its unit; empty if the text is none. */
  static Optional<MemorySize> parseMemory(String value) {
    return parse(value, MemorySize::parse)
        .filter(size -> size.getMebiBytes() >= 1 && size.compareTo(MOST_MEMORY) <= 0);
  }

  /** A duration from nothing to a minute, with its unit; empty if the text is none. */
  static Optional<Duration> parseTolerance(String value) {
    return parse(value, TimeUtils::parseDuration)
        .filter(duration -> duration.compareTo(LONGEST_TOLERANCE) <= 0);
  }

  /** A positive duration with its unit; empty if the text is none. */
  static Optional<Duration> parseDuration(String value) {
    return parse(value, TimeUtils::parseDuration).filter(duration -> !duration.isZero());
  }

  /** Flink takes a number without a unit for milliseconds or bytes, which few would mean. */
  private static <T> Optional<T> parse(String value, Function<String, T> parser) {
    if (!value.matches(".*[a-zA-Z]")) {
      return Optional.empty();
    }
    try {
      return Optional.of(parser.apply(value));
    } catch (IllegalArgumentException | ArithmeticException e) {
      return Optional.empty();
    }
  }
}
