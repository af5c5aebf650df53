package io.stedi.lakehouse.function;

import static java.util.Objects.requireNonNull;

/**
 * What the table {@code forgotten} names accounts and devices by. It is asked for the same few of
 * them again and again, and remembers what it said last. For one thread.
 */
public final class ForgottenIds {

  private final KeyedHash hash;
  private final Lru remembered;

  /**
   * @param hash under the lake's key
   * @param most how many are remembered, of some hundred bytes each
   */
  public ForgottenIds(KeyedHash hash, int most) {
    this.hash = requireNonNull(hash, "hash");
    this.remembered = new Lru(most);
  }

  /**
   * The id of an account or a device, whether it is forgotten or not.
   *
   * @param text as for {@link KeyedHash#forgottenId}
   */
  public String of(String what, String text) {
    return remembered.computeIfAbsent(what + '\0' + text, any -> hash.forgottenId(what, text));
  }
}
