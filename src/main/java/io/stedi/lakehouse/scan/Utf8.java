package io.stedi.lakehouse.scan;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Checks of Unicode text that the JSON parser leaves out. */
final class Utf8 {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long NON_ASCII = 0x8080808080808080L;

  private Utf8() {}

  /**
   * Whether the bytes from {@code start} to {@code end} (exclusive) are well-formed by table 3-7 of
   * the Unicode standard. The parser checks neither overlong forms nor encoded surrogates, and what
   * it skips hardly at all.
   */
  static boolean isValid(byte[] bytes, int start, int end) {
    int i = start;
    while (i < end) {
      if (i + Long.BYTES <= end && ((long) LONGS.get(bytes, i) & NON_ASCII) == 0) {
        i += Long.BYTES;
        continue;
      }
      int lead = bytes[i] & 0xFF;
      int length = sequenceLength(lead);
      if (length == 0 || end - i < length) {
        return false;
      }
      if (length > 1) {
        int second = bytes[i + 1] & 0xFF;
        if (second < lowestSecond(lead) || second > highestSecond(lead)) {
          return false;
        }
        for (int k = 2; k < length; k++) {
          if ((bytes[i + k] & 0xC0) != 0x80) {
            return false;
          }
        }
      }
      i += length;
    }
    return true;
  }

  /** Whether every surrogate in the text has its other half; otherwise it cannot be encoded. */
  static boolean isEncodable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  private static int sequenceLength(int lead) {
    if (lead < 0x80) {
      return 1;
    }
    if (lead < 0xC2) {
      return 0;
    }
    if (lead < 0xE0) {
      return 2;
    }
    if (lead < 0xF0) {
      return 3;
    }
    return lead < 0xF5 ? 4 : 0;
  }

  private static int lowestSecond(int lead) {
    return switch (lead) {
      case 0xE0 -> 0xA0;
      case 0xF0 -> 0x90;
      default -> 0x80;
    };
  }

  private static int highestSecond(int lead) {
    return switch (lead) {
      case 0xED -> 0x9F;
      case 0xF4 -> 0x8F;
      default -> 0xBF;
    };
  }
}
