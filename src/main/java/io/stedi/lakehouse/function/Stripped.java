package io.stedi.lakehouse.function;

import java.util.BitSet;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * SQL function {@code stripped(text, characters)}: the text without those of the characters that it
 * begins or ends with, as {@code TRIM(BOTH characters FROM text)} gives it; null if one of them is
 * null.
 *
 * <p>Flink's own looks for the first and for the last letter of each text in all the characters.
 * This one looks at two bytes of a text of which nothing is to be taken, and gives back the text
 * itself.
 */
public final class Stripped extends ScalarFunction {

  private static final long serialVersionUID = 1L;

  private transient StringData known;
  private transient BitSet characters;

  /** The text without the characters at its ends. */
  public @DataTypeHint(value = "STRING", bridgedTo = StringData.class) StringData eval(
      @DataTypeHint(value = "STRING", bridgedTo = StringData.class) StringData text,
      @DataTypeHint(value = "STRING", bridgedTo = StringData.class) StringData characters) {
    if (text == null || characters == null) {
      return null;
    }
    BitSet taken = codePoints(characters);
    if (text instanceof BinaryStringData bytes && isLeft(bytes, taken)) {
      return text;
    }
    String all = text.toString();
    int begin = 0;
    int end = all.length();
    while (begin < end && taken.get(all.codePointAt(begin))) {
      begin += Character.charCount(all.codePointAt(begin));
    }
    while (begin < end && taken.get(all.codePointBefore(end))) {
      end -= Character.charCount(all.codePointBefore(end));
    }
    return StringData.fromString(all.substring(begin, end));
  }

  /** Whether a text begins and ends with letters of one byte that are not to be taken. */
  private static boolean isLeft(BinaryStringData text, BitSet taken) {
    int length = text.getSizeInBytes();
    return length > 0 && isLeft(text.byteAt(0), taken) && isLeft(text.byteAt(length - 1), taken);
  }

  private static boolean isLeft(byte letter, BitSet taken) {
    // The bytes of longer letters are negative.
    return letter >= 0 && !taken.get(letter);
  }

  private BitSet codePoints(StringData text) {
    // A literal is one and the same object for all rows.
    if (text != known) {
      characters = new BitSet();
      text.toString().codePoints().forEach(characters::set);
      known = text;
    }
    return characters;
  }
}
