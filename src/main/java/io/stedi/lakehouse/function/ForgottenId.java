package io.stedi.lakehouse.function;

/**
 * SQL function {@code forgotten_id(what, text)}: what the table {@code forgotten} names an account
 * or a device by, where {@link Pseudonym} gives its pseudonym; null for null.
 */
public final class ForgottenId extends Pseudonym {

  private static final long serialVersionUID = 1L;

  @Override
  public String eval(String what, String text) {
    return text == null ? null : hash().forgottenId(what, text);
  }
}
