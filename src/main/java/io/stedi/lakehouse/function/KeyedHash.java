package io.stedi.lakehouse.function;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA-256 under the key of a lake. What a text is enters with it, and a byte 0 between them,
 * so that a hash of one kind is never one of another.
 */
public final class KeyedHash {

  private static final String ALGORITHM = "HmacSHA256";

  /** Of the way in which hashes are made; it begins the fingerprint. */
  private static final String VERSION = "1-";

  private static final Pattern PSEUDONYM = Pattern.compile("[0-9a-f]{64}");

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
  public String of(String what, String text) {
    return HexFormat.of().formatHex(digest(what, text));
  }

  /**
   * What an account or a device that is forgotten is recognised by when a record of it arrives
   * again. It is made of the pseudonym, so that the tables that hold only pseudonyms can be
   * searched for it, and is not to be found in any of them.
   *
   * @param what {@code account} or {@code device}
   * @param text its canonical spelling, or its pseudonym
   */
  public String forgottenId(String what, String text) {
    return of("forgotten", isPseudonym(text) ? text : of(what, text));
  }

  /** Whether a text is a pseudonym, as no address is and no serial number has been. */
  static boolean isPseudonym(String text) {
    return PSEUDONYM.matcher(text).matches();
  }

  /** What tells one key from another without telling anything about it. */
  String fingerprint() {
    return VERSION + HexFormat.of().formatHex(digest("fingerprint", ""), 0, FINGERPRINT_BYTES);
  }

  private byte[] digest(String what, String text) {
    return mac.doFinal((what + '\0' + text).getBytes(StandardCharsets.UTF_8));
  }
}
