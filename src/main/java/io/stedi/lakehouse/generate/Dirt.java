package io.stedi.lakehouse.generate;

import java.util.SplittableRandom;

/**
 * The kinds of dirt and how often each occurs. Those that lose nothing are put on records; the
 * others are fragments between records, so that the number of valid records stays what it is.
 */
enum Dirt {
  // A record that is spelled otherwise.
  TIME_STAMP_SPELLING(20),
  NUMBER_AS_TEXT(50),
  PHONE_AS_NUMBER(50),
  TIME_WITH_FRACTION(50),
  NULL_FOR_ABSENT(50),
  OTHER_ORDER_AND_SPACING(50),
  UNDECLARED_FIELD(200),

  // A record that is separated otherwise from the next.
  CONCATENATED(20),
  COMMA_AFTER(50),
  CRLF(50),

  // A fragment that is no record.
  CUT_BEFORE_NEWLINE(500),
  CUT_BEFORE_RECORD(500),
  MISSING_FIELD(500),
  WRONG_TYPE(500),
  SHORTENED_TIME(500),
  GARBAGE(1_000),

  /** A reading that is delivered again later. */
  REPEATED(100);

  private final int oneIn;

  Dirt(int oneIn) {
    this.oneIn = oneIn;
  }

  boolean occurs(SplittableRandom random) {
    return random.nextInt(oneIn) == 0;
  }
}
