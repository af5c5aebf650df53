package io.stedi.lakehouse.testing;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

/** What a test needs and not every machine has. */
public final class Need {

  private static final String ALL = "STEDI_TEST_ALL";

  private Need() {}

  /**
   * Skips the test if what it needs is missing, or fails it where the variable {@code
   * STEDI_TEST_ALL} is set, as continuous integration does.
   */
  public static void that(boolean present, String missing) {
    if (present) {
      return;
    }
    if (System.getenv(ALL) != null) {
      fail("%s is set, but %s", ALL, missing);
    }
    abort("skipped: " + missing);
  }
}
