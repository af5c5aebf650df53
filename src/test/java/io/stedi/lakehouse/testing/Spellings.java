package io.stedi.lakehouse.testing;

import java.util.Random;

/** The ways in which people and programs spell the same thing. */
public final class Spellings {

  private static final String[] NO = {
    "0",
    "-0",
    "0.0",
    "-1",
    "00",
    "1e999",
    "1655472103",
    "99999999999999",
    "1655564376361.5",
    "\"\"",
    "\" \"",
    "\"0\"",
    "\"no\"",
    "\"false\"",
    "\"null\"",
    "\"NaN\"",
    "\"N/A\"",
    "\"2022-06-18\"",
    "\"2022-06-18T14:59:36Z\"",
    "\"1,655,564,376,361\"",
    "\"\\u0000\"",
    "false",
    "true",
    "null",
    "{}",
    "[]",
    "{\"$date\":null}",
    "[1655564376361]",
    "NaN",
    "nan",
    "Infinity",
    "-Infinity",
    "+1",
    "None",
    "False",
    "NULL",
    "Null",
    "undefined",
    "nil",
    "no",
    "N/A",
    "'no'",
    "2022-06-18",
    "",
    ".",
    "\uFFFD"
  };

  private static final String[] BLANKS = {
    "", "", "", " ", "  ", "\\t", "\\n", "\\r\\n", "\u00A0", "\\u2003", "\u3000", "\\u200B",
    "\uFEFF"
  };

  private Spellings() {}

  /**
   * A field of an object that does not hold a time, or nothing at all, which says the same.
   *
   * @return {@code "name": value}, or the empty text
   */
  public static String no(Random random, String name) {
    int spelling = random.nextInt(NO.length + 3);
    if (spelling >= NO.length) {
      return "";
    }
    String space = random.nextBoolean() ? " " : "";
    return "\"" + name + "\"" + space + ":" + space + NO[spelling];
  }

  /** A text in random letter case with blanks around it, as the inside of a JSON string. */
  public static String of(Random random, String text) {
    StringBuilder spelled = new StringBuilder(BLANKS[random.nextInt(BLANKS.length)]);
    boolean mixed = random.nextBoolean();
    for (char c : text.toCharArray()) {
      spelled.append(mixed && random.nextBoolean() ? Character.toUpperCase(c) : c);
    }
    return spelled.append(BLANKS[random.nextInt(BLANKS.length)]).toString();
  }
}
