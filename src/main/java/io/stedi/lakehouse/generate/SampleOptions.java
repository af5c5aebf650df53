package io.stedi.lakehouse.generate;

import io.stedi.lakehouse.failure.LakehouseException;

/**
 * What sample data to make.
 *
 * @param customers how many people
 * @param seed the same seed gives the same bytes on any machine
 * @param clean whether to leave out the dirt
 */
public record SampleOptions(int customers, long seed, boolean clean) {

  /** What {@code ./stedi run} reads if nothing else is given. */
  public static final SampleOptions DEFAULT = new SampleOptions(200, 1, false);

  private static final int MAX_CUSTOMERS = 10_000_000;

  public SampleOptions {
    if (customers < 1 || customers > MAX_CUSTOMERS) {
      throw LakehouseException.usage(
          "Cannot make sample data of %d customers. Give a number from 1 to %d with --customers."
              .formatted(customers, MAX_CUSTOMERS));
    }
  }
}
