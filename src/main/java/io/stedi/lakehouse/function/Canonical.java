package io.stedi.lakehouse.function;

import java.util.BitSet;
import java.util.Locale;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * SQL function {@code canonical(text)}: the one spelling of an e-mail address or a serial number,
 * by which accounts and devices go. Letter case and blanks around it make no difference; null for
 * null. Blanks are Unicode's white space and the characters without a width that come with copied
 * text.
 */
public final class Canonical extends ScalarFunction {

  private static final long serialVersionUID = 1L;

  private static final BitSet BLANKS =
      codePoints(
          " \t\n\u000B\f\r\u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
              + "\u2009\u200A\u200B\u2028\u2029\u202F\u205F\u2060\u3000\uFEFF");

  private static BitSet codePoints(String text) {
    BitSet codePoints = new BitSet();
    text.codePoints().forEach(codePoints::set);
    return codePoints;
  }

  /** The text in lower case, without the blanks at its ends. */
  public @DataTypeHint(value = "STRING", bridgedTo = StringData.class) StringData eval(
      @DataTypeHint(value = "STRING", bridgedTo = StringData.class) StringData text) {
    if (text == null || text instanceof BinaryStringData bytes && isPlain(bytes)) {
      return text;
    }
    String all = text.toString();
    int begin = 0;
    int end = all.length();
    while (begin < end && BLANKS.get(all.codePointAt(begin))) {
      begin += Character.charCount(all.codePointAt(begin));
    }
    while (begin < end && BLANKS.get(all.codePointBefore(end))) {
      end -= Character.charCount(all.codePointBefore(end));
    }
    return StringData.fromString(all.substring(begin, end).toLowerCase(Locale.ROOT));
  }

  /** Whether it is canonical for certain: ASCII, no capital, no blank at an end. */
  private static boolean isPlain(BinaryStringData text) {
    int length = text.getSizeInBytes();
    for (int i = 0; i < length; i++) {
      byte letter = text.byteAt(i);
      if (letter < 0 || letter >= 'A' && letter <= 'Z') {
        return false;
      }
    }
    return length > 0 && !BLANKS.get(text.byteAt(0)) && !BLANKS.get(text.byteAt(length - 1));
  }
}
