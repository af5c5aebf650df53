package io.stedi.lakehouse.function;

import java.net.IDN;
import java.text.Normalizer;
import java.util.BitSet;
import java.util.Locale;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * SQL function {@code canonical(text)}: the one spelling of an e-mail address or a serial number,
 * by which accounts and devices go. Letter case, blanks around it and the Unicode form make no
 * difference; null for null. Blanks are Unicode's white space and the characters without a width
 * that come with copied text.
 *
 * <p>Of an address neither do a name before it ({@code Kim <kim@lake.example>}), {@code mailto:}, a
 * full-width @, a dot at the end of its domain, and whether that is in Unicode or in punycode. Two
 * spellings of one account would be two people, of whom one could withdraw and the other stay.
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

  /** The canonical spelling of a text; null for null. */
  public static String of(String text) {
    StringData canonical = new Canonical().eval(StringData.fromString(text));
    return canonical == null ? null : canonical.toString();
  }

  /** The canonical spelling of a text. */
  public @DataTypeHint(value = "STRING", bridgedTo = StringData.class) StringData eval(
      @DataTypeHint(value = "STRING", bridgedTo = StringData.class) StringData text) {
    if (text == null || text instanceof BinaryStringData bytes && isPlain(bytes)) {
      return text;
    }
    String stripped = stripped(Normalizer.normalize(text.toString(), Normalizer.Form.NFC));
    return StringData.fromString(address(stripped.toLowerCase(Locale.ROOT)));
  }

  private static String stripped(String text) {
    int begin = 0;
    int end = text.length();
    while (begin < end && BLANKS.get(text.codePointAt(begin))) {
      begin += Character.charCount(text.codePointAt(begin));
    }
    while (begin < end && BLANKS.get(text.codePointBefore(end))) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(begin, end);
  }

  /** What an e-mail address is without what only surrounds it; any other text as it is. */
  private static String address(String text) {
    String address = text.replace('\uFF20', '@').replace('\uFE6B', '@');
    if (address.endsWith(">") && address.indexOf('<') >= 0) {
      // Kim <kim@lake.example>
      address = stripped(address.substring(address.lastIndexOf('<') + 1, address.length() - 1));
    }
    if (address.startsWith("mailto:")) {
      address = stripped(address.substring("mailto:".length()));
    }
    int at = address.lastIndexOf('@');
    if (at < 0) {
      return text;
    }
    String domain = address.substring(at + 1);
    if (domain.endsWith(".")) {
      domain = domain.substring(0, domain.length() - 1);
    }
    // xn--bcher-kva.example is bücher.example.
    domain = Normalizer.normalize(IDN.toUnicode(domain), Normalizer.Form.NFC);
    return address.substring(0, at + 1) + domain.toLowerCase(Locale.ROOT);
  }

  /** Whether it is canonical for certain, as nearly every text is. */
  private static boolean isPlain(BinaryStringData text) {
    int length = text.getSizeInBytes();
    byte before = 0;
    for (int i = 0; i < length; i++) {
      byte letter = text.byteAt(i);
      if (letter < 0
          || letter >= 'A' && letter <= 'Z'
          || letter == ':'
          || letter == '>'
          // xn--
          || letter == '-' && before == '-') {
        return false;
      }
      before = letter;
    }
    return length > 0 && before != '.' && !BLANKS.get(text.byteAt(0)) && !BLANKS.get(before);
  }
}
