package io.stedi.lakehouse.program;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.util.TimeUtils;

/**
 * How long a streaming run remembers which readings have come, to tell their copies. Joins are told
 * how long they keep rows by hints in SQL. The operator behind {@code ROW_NUMBER() = 1} heeds none
 * (as of Flink 2.3), so it is told in the compiled plan, where Flink's documentation wants such
 * lifetimes to be edited.
 */
public final class DistinctTtl {

  /** A state as {@code StateMetadata} is written, in text where a string's quotes are escaped. */
  private static final Pattern TTL =
      Pattern.compile(
          "(\"ttl\"\\s*:\\s*\")[^\"]*(\"\\s*,\\s*\"name\"\\s*:\\s*\"deduplicateState\")");

  private static final Pattern STATE = Pattern.compile("\"deduplicateState\"");

  private DistinctTtl() {}

  /** The plan with the lifetime. */
  public static String apply(String compiledPlan, Duration ttl) {
    Matcher states = TTL.matcher(compiledPlan);
    if (states.results().count() != STATE.matcher(compiledPlan).results().count()) {
      throw new IllegalStateException("the compiled plan tells lifetimes in another way");
    }
    return states.replaceAll("$1" + TimeUtils.formatWithHighestUnit(ttl) + "$2");
  }
}
