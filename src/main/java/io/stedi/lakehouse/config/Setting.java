package io.stedi.lakehouse.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every setting that the program knows, with what it may hold and what it is if nobody sets it. */
public enum Setting {
  DATABASE("database", "stedi", "a lower-case name", value -> value.matches("[a-z_][a-z0-9_]*")),
  INPUT_CUSTOMER("input.customer", "", Setting.GLOB, value -> true),
  INPUT_ACCELEROMETER("input.accelerometer", "", Setting.GLOB, value -> true),
  INPUT_STEP_TRAINER("input.step_trainer", "", Setting.GLOB, value -> true),
  CONSENT_FROM_DATE(
      "consent.from-date", "false", "true or false", Set.of("true", "false")::contains),
  MACHINE_LEARNING_MATCH(
      "machine-learning.match", "time", "time or device", Set.of("time", "device")::contains),
  MACHINE_LEARNING_TOLERANCE(
      "machine-learning.tolerance",
      "0ms",
      "a duration such as 0ms, 20ms or 1s, at most 1min",
      value -> parseTolerance(value).isPresent()),
  PARALLELISM(
      "parallelism",
      "",
      "auto (one task per core of this machine), a number from 1 to 1024, or nothing, which leaves it to the cluster",
      value -> value.isEmpty() || value.equals("auto") || isNumberFrom1(value)),
  NETWORK_MEMORY_PER_TASK(
      "network-memory-per-task",
      "",
      "megabytes such as 32m, from 1m to 1024m, or nothing, which leaves it to the cluster",
      value -> value.isEmpty() || parseMegabytes(value).isPresent()),
  CHECKPOINT_INTERVAL(
      "streaming.checkpoint-interval",
      "",
      "a duration such as 500ms, 10s or 2min, or nothing, which leaves it to the cluster",
      value -> value.isEmpty() || parseDuration(value).isPresent()),
  STREAMING_BOUNDED(
      "streaming.bounded", "false", "true or false", Set.of("true", "false")::contains),
  MONITOR_INTERVAL(
      "streaming.monitor-interval",
      "10s",
      "a duration such as 500ms, 10s or 2min",
      value -> parseDuration(value).isPresent()),
  SETTLE_TIME(
      "streaming.settle-time",
      "3s",
      "a duration such as 500ms, 10s or 2min",
      value -> parseDuration(value).isPresent()),
  STATE_TTL(
      "streaming.state-ttl",
      "none",
      "a duration such as 30d, or none",
      value -> value.equals("none") || parseDuration(value).isPresent()),
  STATE_FOLDER(
      "streaming.state-folder",
      "",
      "a path or URI, or nothing, which leaves checkpoints to the cluster",
      value -> true),
  PSEUDONYM_SECRET_ID(
      "pseudonym.secret-id",
      "",
      "the name or ARN of a secret in AWS Secrets Manager",
      value -> true),
  PSEUDONYM_SECRET_VERSION(
      "pseudonym.secret-version",
      "",
      "the id of a version of that secret, or nothing for the current one",
      value -> true),
  PSEUDONYM_KEY_FILE("pseudonym.key-file", "", "the path or URI of a file", value -> true),
  PSEUDONYM_ACCEPT_NEW_KEY(
      "pseudonym.accept-new-key", "false", "true or false", Set.of("true", "false")::contains);

  /** Keys below these go to Iceberg's catalog and to Flink as they are. */
  static final List<String> FREE_PREFIXES = List.of("catalog.", "flink.");

  private static final String GLOB =
      "a glob for paths below the input, such as mobile-app/**, or nothing, which goes by the kinds that paths mention";

  /** Beyond it, every step would pair with thousands of motions. */
  private static final Duration LONGEST_TOLERANCE = Duration.ofMinutes(1);

  private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,8}) ?(ms|s|min|h|d)");

  private final String key;
  private final String defaultValue;
  private final String allowed;
  private final Predicate<String> valid;

  Setting(String key, String defaultValue, String allowed, Predicate<String> valid) {
    this.key = key;
    this.defaultValue = defaultValue;
    this.allowed = allowed;
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

  boolean accepts(String value) {
    return valid.test(value);
  }

  static Optional<Setting> ofKey(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key.equals(key)).findFirst();
  }

  private static boolean isNumberFrom1(String value) {
    return value.matches("[1-9][0-9]{0,3}") && Integer.parseInt(value) <= 1024;
  }

  /** A number of megabytes from 1 to 1024, followed by m; empty if the text is none. */
  static OptionalInt parseMegabytes(String value) {
    String number = value.endsWith("m") ? value.substring(0, value.length() - 1) : "";
    return isNumberFrom1(number) ? OptionalInt.of(Integer.parseInt(number)) : OptionalInt.empty();
  }

  /** A duration from nothing to a minute; empty if the text is none. */
  static Optional<Duration> parseTolerance(String value) {
    return value.strip().matches("0 ?ms")
        ? Optional.of(Duration.ZERO)
        : parseDuration(value).filter(duration -> duration.compareTo(LONGEST_TOLERANCE) <= 0);
  }

  /** A positive duration of a whole number of ms, s, min, h or d; empty if the text is none. */
  static Optional<Duration> parseDuration(String value) {
    Matcher matcher = DURATION.matcher(value.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    ChronoUnit unit =
        switch (matcher.group(2)) {
          case "ms" -> ChronoUnit.MILLIS;
          case "s" -> ChronoUnit.SECONDS;
          case "min" -> ChronoUnit.MINUTES;
          case "h" -> ChronoUnit.HOURS;
          default -> ChronoUnit.DAYS;
        };
    return Optional.of(Duration.of(Long.parseLong(matcher.group(1)), unit));
  }
}
