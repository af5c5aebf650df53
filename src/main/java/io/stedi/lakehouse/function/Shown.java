package io.stedi.lakehouse.function;

/**
 * SQL function {@code shown(what, text)}: how a text is shown to whoever checks a lake. It is the
 * text's {@link Pseudonym}, by which those who may can find it; what is a pseudonym stays as it is.
 */
public final class Shown extends Pseudonym {

  private static final long serialVersionUID = 1L;

  @Override
  public String eval(String what, String text) {
    return text != null && KeyedHash.isPseudonym(text) ? text : super.eval(what, text);
  }
}
