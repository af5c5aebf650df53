package io.stedi.lakehouse.generate;

import java.util.SplittableRandom;

/**
 * The kinds of dirt and how often each occurs. Those that lose nothing are put on records; the
 * others are fragments between records, so that the number of valid records stays what it is. How
 * whole files are separated, compressed or cut off is up to their {@link FilePlan}.
 */
enum Dirt {
  // A record that is spelled otherwise.
  TIME_STAMP_SPELLING(20),
  NUMBER_AS_TEXT(50),
  PHONE_AS_NUMBER(50),
  TIME_WITH_FRACTION(50),
  NULL_FOR_ABSENT(50),
  OTHER_ORDER(50),
  OTHER_SPACING(50),
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

  /** A record that is delivered again a little later. */
  REPEATED(100),
  /** A record that is delivered again in a file of the other size. */
  OVERLAPPING(25);

  private final int oneIn;

  Dirt(int oneIn) {
    this.oneIn = oneIn;
  }

  boolean occurs(SplittableRandom random) {
    return random.nextInt(oneIn) == 0;
  }
}
