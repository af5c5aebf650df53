package io.stedi.lakehouse.scan;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Tells, on the way through damaged bytes, which objects are inside of what is damaged. What is
 * inside of an object around it is no record, and least of all when that object is damaged: a
 * change event that was cut behind its {@code before} would bring back the consent that it takes
 * away.
 *
 * <p>An object is inside where it stands as the value of a field, or as an element of an array that
 * is one. Where a column's value should be, it is not: columns hold no objects, so the value was
 * cut off there, and another record follows. Nothing else that valid JSON could go on with is an
 * object, so any other is a record that follows a cut.
 *
 * <p>Quotes are counted to know where text begins and ends. A line that ends within text was cut,
 * since text in JSON holds no line breaks.
 */
final class DamageWalk {

  /** Far more than objects that are read may have; what is nested deeper is not told apart. */
  private static final int MAX_DEPTH = 1 << 10;

  /** Longer names than columns have. */
  private static final int MAX_NAME_BYTES = 256;

  private enum Last {
    NOTHING,
    OPENED,
    COMMA,
    NAME_COLON,
    COLUMN_COLON,
    TEXT,
    OTHER
  }

  private final FieldIndex index;
  private final byte[] text = new byte[MAX_NAME_BYTES];
  private int textBytes;
  private boolean inText;
  private boolean escaped;

  /** Whether the text has only a colon: then it is no text, but what stands between two. */
  private boolean onlyColon;

  private Last last;
  private boolean object;

  /** By depth, whether what is open is an array, and not an object. */
  private final boolean[] arrays = new boolean[MAX_DEPTH];

  private int depth;
  private boolean closed;
  private boolean objects;
  private boolean trailingComma;

  /**
   * @param index the columns
   */
  DamageWalk(FieldIndex index) {
    this.index = index;
  }

  /** Begins a fragment. */
  void begin() {
    inText = false;
    escaped = false;
    last = Last.NOTHING;
    depth = 0;
    closed = false;
    objects = false;
    trailingComma = false;
    object = false;
  }

  /** Goes over the next byte. */
  void pass(byte b) {
    if (inText) {
      passText(b);
      return;
    }
    switch (b) {
      case '"' -> {
        inText = true;
        textBytes = 0;
        onlyColon = false;
      }
      case '{' -> {
        object |= last == Last.NOTHING;
        if (last == Last.NOTHING || isValue()) {
          open(false);
        } else {
          last = Last.OTHER;
        }
      }
      case '[' -> {
        if (isValue()) {
          open(true);
        } else {
          last = Last.OTHER;
        }
      }
      case '}' -> close(false);
      case ']' -> close(true);
      case ',' -> last = Last.COMMA;
      case ':' -> last = colon();
      default -> {
        if (!RawScanner.isWhitespace(b)) {
          last = Last.OTHER;
          if (b == '\'') {
            // Quotes of other languages, where names are not those of columns.
            last = Last.TEXT;
            textBytes = 0;
          }
        }
      }
    }
  }

  private void passText(byte b) {
    if (escaped) {
      escaped = false;
    } else if (b == '\\') {
      escaped = true;
    } else if (b == '"') {
      inText = false;
      last = Last.TEXT;
      return;
    } else if (b == '{' && onlyColon) {
      // The quotes are those of the name before and of the first name within.
      inText = false;
      open(false);
      return;
    }
    if (!RawScanner.isWhitespace(b)) {
      onlyColon = b == ':' && (textBytes == 0 || isBlank());
    }
    if (textBytes < text.length) {
      text[textBytes++] = b;
    }
  }

  private boolean isBlank() {
    for (int i = 0; i < textBytes; i++) {
      if (!RawScanner.isWhitespace(text[i])) {
        return false;
      }
    }
    return true;
  }

  /** Outside of an object only what stands in quotes, or was cut off, is a field's name. */
  private Last colon() {
    if (last == Last.TEXT) {
      String name = new String(Arrays.copyOf(text, textBytes), UTF_8);
      // Deeper inside a name means something else.
      boolean column = depth <= (object ? 1 : 0) && index.slotOf(name) >= 0;
      return column ? Last.COLUMN_COLON : Last.NAME_COLON;
    }
    return depth > 0 || last == Last.NOTHING ? Last.NAME_COLON : Last.OTHER;
  }

  /** Whether what begins here is a value inside of what is open. */
  private boolean isValue() {
    return last == Last.NAME_COLON || (isInArray() && (last == Last.OPENED || last == Last.COMMA));
  }

  private boolean isInArray() {
    return depth > 0 && arrays[depth - 1];
  }

  private void open(boolean array) {
    objects |= !array && depth > 0;
    if (depth < MAX_DEPTH) {
      arrays[depth] = array;
      depth++;
    }
    last = Last.OPENED;
  }

  private void close(boolean array) {
    if (depth > 0 && arrays[depth - 1] == array) {
      trailingComma |= last == Last.COMMA;
      depth--;
      closed = depth == 0 && object;
    }
    last = Last.OTHER;
  }

  /** Whether the object that the fragment began with is closed, damaged as it is. */
  boolean isClosed() {
    return closed;
  }

  /** Whether there are objects inside of others. */
  boolean hasObjects() {
    return objects;
  }

  /** Whether an object or array ended with a comma. */
  boolean hasTrailingComma() {
    return trailingComma;
  }

  /**
   * Whether a line break ends the fragment.
   *
   * @param next what begins the next line, white space aside
   */
  boolean endsWithLine(byte next) {
    if (inText || (depth == 0 && last != Last.NAME_COLON)) {
      return true;
    }
    return switch (next) {
      case '"', '{', '}', '[', ']', ',', ':' -> false;
      // A number or a word, where there can be one.
      default -> !isInArray() && last != Last.NAME_COLON && last != Last.COLUMN_COLON;
    };
  }

  /**
   * Whether an object that may begin with the next byte is inside of what was passed.
   *
   * @param named whether a name begins behind the brace, where the quote may else be the end of a
   *     text
   */
  boolean isInside(boolean named) {
    return inText ? !named || onlyColon : isValue();
  }
}
