package io.stedi.lakehouse.cli;

/**
 * Text from raw files as it is shown on a terminal. Control characters could clear the screen, and
 * line breaks or a change of the writing direction forge what is printed.
 */
final class Visible {

  private Visible() {}

  /** The text on one line, with each character that shows as none as its code. */
  static String line(String text) {
    return of(text, false);
  }

  /** The text, with each such character but line breaks as its code. */
  static String lines(String text) {
    return of(text, true);
  }

  private static String of(String text, boolean lineBreaks) {
    if (text.codePoints().allMatch(c -> isShown(c, lineBreaks))) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (isShown(c, lineBreaks)) {
                shown.appendCodePoint(c);
              } else {
                shown.append("\\u%04x".formatted(c));
              }
            });
    return shown.toString();
  }

  private static boolean isShown(int c, boolean lineBreaks) {
    if (c == '\n') {
      return lineBreaks;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }
}
