package io.stedi.lakehouse.scan;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * What stands where a field's value should and is not JSON: {@code NaN}, {@code None}, {@code
 * undefined}, a date without quotes, or nothing at all. Programs write such for "there is none".
 *
 * @param field the field's name, as spelled between its quotes
 * @param from position of the first byte, relative to the object's first
 * @param to position behind the last byte, relative to the object's first; may equal {@code from}
 */
record BareWord(String field, int from, int to) {

  /** Longer than any word that stands for no value, in bytes. */
  private static final int MAX_BYTES = 64;

  private static final byte[] NULL = "null".getBytes(UTF_8);

  /** How looking for a word went; the word is null unless found. */
  record Search(Result result, BareWord word) {

    /** Whether there is a word. */
    enum Result {
      FOUND,
      /** The bytes end before it can be told. */
      UNFINISHED,
      NONE
    }

    private static final Search UNFINISHED = new Search(Result.UNFINISHED, null);
    private static final Search NONE = new Search(Result.NONE, null);
  }

  /**
   * Looks for the bare word that made a parser give up.
   *
   * @param bytes holds the object
   * @param start index of its opening brace
   * @param length how many bytes there are from there on
   * @param consumed how many of them the parser has looked at; the last is the one it could not
   *     take, those before it are JSON
   */
  static Search find(byte[] bytes, int start, int length, int consumed) {
    int depth = 0;
    String name = null;
    int value = -1;
    for (int i = 0; i < consumed; i++) {
      switch (bytes[start + i]) {
        case '"' -> {
          int end = endOfText(bytes, start, i + 1, consumed);
          if (end < 0) {
            return Search.NONE;
          }
          if (depth == 1) {
            name = new String(bytes, start + i + 1, end - i - 1, UTF_8);
          }
          i = end;
        }
        case '{', '[' -> {
          depth++;
          value = -1;
        }
        case '}', ']' -> {
          // Its own end may be what stands where the value should.
          if (depth > 1 || i < consumed - 1) {
            depth--;
            value = -1;
          }
        }
        case ':' -> value = depth == 1 && value < 0 ? i + 1 : value;
        case ',' -> {
          if (i < consumed - 1) {
            value = -1;
          }
        }
        default -> {}
      }
    }
    return value < 0 || depth != 1 ? Search.NONE : delimit(bytes, start, length, value, name);
  }

  /** The bytes up to the comma or brace that ends the value, without the blanks around them. */
  private static Search delimit(byte[] bytes, int start, int length, int value, String name) {
    int from = value;
    while (from < length && isBlank(bytes[start + from])) {
      from++;
    }
    int to = from;
    for (int i = from; i < length && i - from <= MAX_BYTES; i++) {
      byte b = bytes[start + i];
      if (b == ',' || b == '}') {
        return new Search(Search.Result.FOUND, new BareWord(name, from, to));
      }
      if (b == '"' || b == '{' || b == '[' || b == ']' || (!isBlank(b) && b >= 0 && b < ' ')) {
        return Search.NONE;
      }
      if (!isBlank(b)) {
        if (to > from && containsLineBreak(bytes, start + to, start + i)) {
          return Search.NONE;
        }
        to = i + 1;
      }
    }
    return length - from <= MAX_BYTES ? Search.UNFINISHED : Search.NONE;
  }

  /** The object with {@code null} in place of the word. */
  byte[] replacedByNull(byte[] bytes, int start, int length) {
    byte[] replaced = Arrays.copyOfRange(bytes, start, start + length + growth());
    System.arraycopy(NULL, 0, replaced, from, NULL.length);
    System.arraycopy(bytes, start + to, replaced, from + NULL.length, length - to);
    return replaced;
  }

  /** How many bytes replacing it adds. */
  int growth() {
    return NULL.length - (to - from);
  }

  /** The word itself. */
  String text(byte[] bytes, int start) {
    return new String(bytes, start + from, to - from, UTF_8);
  }

  private static int endOfText(byte[] bytes, int start, int from, int end) {
    for (int i = from; i < end; i++) {
      if (bytes[start + i] == '\\') {
        i++;
      } else if (bytes[start + i] == '"') {
        return i;
      }
    }
    return -1;
  }

  private static boolean containsLineBreak(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == '\n' || bytes[i] == '\r') {
        return true;
      }
    }
    return false;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }
}
