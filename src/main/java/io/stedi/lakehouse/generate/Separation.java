package io.stedi.lakehouse.generate;

import java.util.SplittableRandom;

/** What stands between the records of a file. */
enum Separation {
  LINES("\n"),
  CRLF_LINES("\r\n"),
  COMMAS(",\n"),
  NOTHING(""),
  /** All of the above, as when files were joined. */
  MIXTURE(null);

  private final String text;

  Separation(String text) {
    this.text = text;
  }

  String next(SplittableRandom random) {
    if (text != null) {
      return text;
    }
    if (Dirt.CONCATENATED.occurs(random)) {
      return NOTHING.text;
    }
    if (Dirt.COMMA_AFTER.occurs(random)) {
      return COMMAS.text;
    }
    return Dirt.CRLF.occurs(random) ? CRLF_LINES.text : LINES.text;
  }
}
