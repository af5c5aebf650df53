package io.stedi.lakehouse.function;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA-256 under the key of a lake. What a text is enters with it, and a byte 0 between them,
 * so that a hash of one kind is never one of another.
 */
final class KeyedHash {

  private static final String ALGORITHM = "HmacSHA256";

  /** Of the way in which hashes are made; it begins the fingerprint. */
  private static final String VERSION = "1-";

  private static final int FINGERPRINT_BYTES = 8;

  private final Mac mac;

  KeyedHash(byte[] key) {
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException e) {
      // Every Java has this algorithm and takes any key for it.
      throw new IllegalStateException(e);
    }
  }

  /**
   * The hash of a text, as 64 lower-case hexadecimal digits.
   *
   * @param what what the text is, such as {@code account}
   */
  String of(String what, String text) {
    return HexFormat.of().formatHex(digest(what, text));
  }

  /** What tells one key from another without telling anything about it. */
  String fingerprint() {
    return VERSION + HexFormat.of().formatHex(digest("fingerprint", ""), 0, FINGERPRINT_BYTES);
  }

  private byte[] digest(String what, String text) {
    return mac.doFinal((what + '\0' + text).getBytes(StandardCharsets.UTF_8));
  }
}
