package io.stedi.lakehouse.function;

import java.util.Map;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * SQL function {@code pseudonym(what, text)}: the HMAC-SHA-256 of a text under the lake's key, as
 * 64 lower-case hexadecimal digits; null for null. Without the key nobody can tell whom a pseudonym
 * stands for, not even by trying all known addresses, which a plain hash would allow. What the text
 * is, {@code 'account'} or {@code 'device'}, enters too: a device that is named as an account has
 * another pseudonym.
 *
 * <p>The key is found by {@link PseudonymKey} on the machine where the function runs; it is never
 * part of the job. It is asked for the same few devices and people again and again, once for each
 * of their readings, and remembers what it said last.
 */
public class Pseudonym extends ScalarFunction {

  private static final long serialVersionUID = 1L;

  /** How many pseudonyms are remembered: some megabytes. */
  private static final int REMEMBERED = 10_000;

  private transient KeyedHash hash;
  private transient Map<String, String> remembered;

  /**
   * {@inheritDoc}
   *
   * @throws io.stedi.lakehouse.failure.LakehouseException if there is no key
   * @throws org.apache.flink.runtime.execution.SuppressRestartsException if the key is not the one
   *     that the lake is tied to
   */
  @Override
  public void open(FunctionContext context) {
    hash = PseudonymKey.hashOfTask(context);
    remembered = new Lru(REMEMBERED);
  }

  /** The hash under the lake's key. */
  final KeyedHash hash() {
    return hash;
  }

  public String eval(String what, String text) {
    return text == null
        ? null
        : remembered.computeIfAbsent(what + '\0' + text, any -> hash.of(what, text));
  }
}
