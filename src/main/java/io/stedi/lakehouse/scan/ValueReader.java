package io.stedi.lakehouse.scan;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Reads one JSON value as a column's type. What loses nothing is read, numbers written as text and
 * text written as numbers included; everything else is refused.
 */
final class ValueReader {

  /** A long has at most 19 digits. */
  private static final int MAX_LONG_DIGITS = 19;

  /**
   * The longest text that is tried as a number: what the parser permits for numbers. It bounds the
   * cost of a conversion, which is quadratic in the digits.
   */
  private static final int MAX_NUMBER_CHARACTERS = 1000;

  private final long minTime;
  private final long maxTime;

  ValueReader(ScanLimits limits) {
    this.minTime = limits.minTime();
    this.maxTime = limits.maxTime();
  }

  /**
   * Reads the value that the parser stands at, the end of an object or array included.
   *
   * @return the value, null for a JSON null and, where a value is required, for blank text, or the
   *     {@link RejectKind} that says why there is none
   */
  Object read(JsonParser parser, DataField field) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token.isStructStart()) {
      parser.skipChildren();
      return RejectKind.WRONG_TYPE;
    }
    if (token.isBoolean()) {
      return RejectKind.WRONG_TYPE;
    }
    return switch (field.type()) {
      case STRING -> readString(parser, field);
      case DOUBLE -> readDouble(parser, token);
      case INT -> within(readLong(parser, token), Integer.MIN_VALUE, Integer.MAX_VALUE, true);
      case BIGINT -> readLong(parser, token);
      case TIMESTAMP -> time(readLong(parser, token));
    };
  }

  private Object time(Object millis) {
    Object time = within(millis, minTime, maxTime - 1, false);
    // Only asked: it may as well be a time whose last digits were cut off.
    return time == RejectKind.OUT_OF_RANGE
            && millis instanceof Long number
            && minTime / 1000 <= number
            && number < maxTime / 1000
        ? RejectKind.SECONDS
        : time;
  }

  private static Object readString(JsonParser parser, DataField field) throws IOException {
    String text = parser.getText();
    if (!Utf8.isEncodable(text)) {
      return RejectKind.MALFORMED;
    }
    if (text.length() > field.maxCharacters()
        && text.codePointCount(0, text.length()) > field.maxCharacters()) {
      return RejectKind.OUT_OF_RANGE;
    }
    return field.required() && isBlank(text) ? null : text;
  }

  /**
   * Whether there is nothing to see in the text. Spaces that do not break a line and characters
   * without a width count as blank too: what names an account or a device must name one.
   */
  private static boolean isBlank(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isWhitespace(c)
          && !Character.isSpaceChar(c)
          && !Character.isISOControl(c)
          && Character.getType(c) != Character.FORMAT) {
        return false;
      }
    }
    return true;
  }

  private static Object readDouble(JsonParser parser, JsonToken token) throws IOException {
    double value;
    if (token == JsonToken.VALUE_STRING) {
      String text = parser.getText();
      if (!isNumber(text)) {
        return RejectKind.WRONG_TYPE;
      }
      value = Double.parseDouble(text);
    } else {
      value = parser.getDoubleValue();
    }
    // Adding zero makes zero of minus zero: they are one number, but two to whoever compares bits,
    // as grouping and hashing do.
    return Double.isFinite(value) ? (Object) (value + 0.0) : RejectKind.OUT_OF_RANGE;
  }

  private static Object readLong(JsonParser parser, JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      return parser.getLongValue();
    }
    String text = parser.getText();
    return isNumber(text) ? toLong(text) : RejectKind.WRONG_TYPE;
  }

  /** The integer that the number stands for, by its digits: a detour over double would round. */
  private static Object toLong(String number) {
    if (number.length() > MAX_NUMBER_CHARACTERS) {
      return RejectKind.OUT_OF_RANGE;
    }
    BigDecimal value;
    try {
      value = new BigDecimal(number);
    } catch (NumberFormatException e) {
      // It is a number, so only its exponent can be what BigDecimal has no room for.
      return RejectKind.OUT_OF_RANGE;
    }
    if (value.signum() == 0) {
      return 0L;
    }
    // Decided before any digits are written out: 1e999999999 has a billion of them.
    long integerDigits = (long) value.precision() - value.scale();
    if (integerDigits > MAX_LONG_DIGITS) {
      return RejectKind.OUT_OF_RANGE;
    }
    if (integerDigits <= 0) {
      return RejectKind.WRONG_TYPE;
    }
    BigDecimal integer = value.setScale(0, RoundingMode.DOWN);
    if (integer.compareTo(value) != 0) {
      return RejectKind.WRONG_TYPE;
    }
    long result = integer.longValue();
    return BigDecimal.valueOf(result).compareTo(integer) == 0
        ? (Object) result
        : RejectKind.OUT_OF_RANGE;
  }

  private static Object within(Object value, long min, long max, boolean asInt) {
    if (!(value instanceof Long number)) {
      return value;
    }
    if (number < min || number > max) {
      return RejectKind.OUT_OF_RANGE;
    }
    return asInt ? (Object) number.intValue() : number;
  }

  /** Whether the text is a number by the grammar of JSON; Java would take NaN and 0x1p3d too. */
  private static boolean isNumber(String text) {
    int i = text.startsWith("-") ? 1 : 0;
    int integer = digits(text, i);
    if (integer == i || (text.charAt(i) == '0' && integer > i + 1)) {
      return false;
    }
    i = integer;
    if (i < text.length() && text.charAt(i) == '.') {
      int fraction = digits(text, i + 1);
      if (fraction == i + 1) {
        return false;
      }
      i = fraction;
    }
    if (i < text.length() && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
      i++;
      if (i < text.length() && (text.charAt(i) == '+' || text.charAt(i) == '-')) {
        i++;
      }
      int exponent = digits(text, i);
      if (exponent == i) {
        return false;
      }
      i = exponent;
    }
    return i == text.length();
  }

  private static int digits(String text, int from) {
    int i = from;
    while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
      i++;
    }
    return i;
  }
}
