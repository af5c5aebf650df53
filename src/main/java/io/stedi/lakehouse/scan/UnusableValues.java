package io.stedi.lakehouse.scan;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The values of one object that were taken for null because their columns cannot hold them, each as
 * {@code column=spelling}.
 *
 * <p>Spellings are counted and reported, so they must not carry personal data: only single words
 * and numbers of up to three digits are given as they came, anything else by its shape.
 */
final class UnusableValues {

  private static final String SEPARATOR = "; ";
  private static final int MAX_SHAPE_CHARACTERS = 32;
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z/]{0,12}|[+-]?[0-9]{1,3}(?:\\.[0-9]{1,3})?");

  private final Map<String, String> spellings = new TreeMap<>();

  /**
   * Adds a value.
   *
   * @param column the column that it is not in
   * @param spelling what {@link #spelling} made of it
   */
  void add(String column, String spelling) {
    spellings.put(column, spelling);
  }

  /** The values, sorted by column. */
  String text() {
    StringBuilder text = new StringBuilder();
    spellings.forEach(
        (column, spelling) ->
            text.append(text.isEmpty() ? "" : SEPARATOR)
                .append(column)
                .append('=')
                .append(spelling));
    return text.toString();
  }

  /**
   * The text of a value, or its shape: digits as 9, every run of letters as one a.
   *
   * @param quoted whether the value was a JSON string
   */
  static String spelling(String value, boolean quoted) {
    String spelling = PLAIN.matcher(value).matches() ? value : shape(value);
    return quoted ? '"' + spelling + '"' : spelling;
  }

  private static String shape(String value) {
    StringBuilder shape = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      if (shape.length() == MAX_SHAPE_CHARACTERS) {
        return shape.append("...").toString();
      }
      char c = value.charAt(i);
      if (Character.isDigit(c)) {
        shape.append('9');
      } else if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
        shape.append(' ');
      } else if (c > ' ' && c < 0x7F && !Character.isLetter(c) && c != ';') {
        shape.append(c);
      } else if (shape.isEmpty() || shape.charAt(shape.length() - 1) != 'a') {
        shape.append('a');
      }
    }
    return shape.toString();
  }
}
