package io.stedi.lakehouse.generate;

import io.stedi.lakehouse.failure.LakehouseException;
import java.util.OptionalInt;

/**
 * What sample data to make.
 *
 * @param customers how many people
 * @param seed the same seed gives the same bytes on any machine
 * @param clean whether to leave out the dirt
 * @param historyVersions for a raw history, how many versions an account has on average; empty for
 *     a sample like the starter data
 */
public record SampleOptions(int customers, long seed, boolean clean, OptionalInt historyVersions) {

  /** What {@code ./stedi run} reads if nothing else is given. */
  public static final SampleOptions DEFAULT = new SampleOptions(200, 1, false);

  /** How many versions an account has on average in the real raw files. */
  public static final int DEFAULT_VERSIONS = 200;

  private static final int MAX_CUSTOMERS = 10_000_000;
  private static final int MAX_VERSIONS = 10_000;

  public SampleOptions {
    if (customers < 1 || customers > MAX_CUSTOMERS) {
      throw LakehouseException.usage(
          "Cannot make sample data of %d customers. Give a number from 1 to %d with --customers."
              .formatted(customers, MAX_CUSTOMERS));
    }
    int versions = historyVersions.orElse(1);
    if (versions < 1 || versions > MAX_VERSIONS) {
      throw LakehouseException.usage(
          "Cannot make accounts of %d versions on average. Give a number from 1 to %d with --versions."
              .formatted(versions, MAX_VERSIONS));
    }
  }

  /** A sample like the starter data. */
  public SampleOptions(int customers, long seed, boolean clean) {
    this(customers, seed, clean, OptionalInt.empty());
  }

  /**
   * A raw history: the archive before anybody cleaned it.
   *
   * @param versions how many versions an account has on average
   */
  public static SampleOptions history(int customers, long seed, int versions) {
    return new SampleOptions(customers, seed, false, OptionalInt.of(versions));
  }

  boolean isHistory() {
    return historyVersions.isPresent();
  }

  Population population() {
    return isHistory() ? Population.history(historyVersions.getAsInt()) : Population.SAMPLE;
  }
}
