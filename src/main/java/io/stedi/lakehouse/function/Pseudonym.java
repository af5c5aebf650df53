package io.stedi.lakehouse.function;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * SQL function {@code pseudonym(text)}: HMAC-SHA-256 of the text's UTF-8 bytes under the lake's
 * key, as 64 lower-case hexadecimal digits; null for null. Without the key nobody can tell whom a
 * pseudonym stands for, not even by trying all known addresses, which a plain hash would allow.
 *
 * <p>The key is found by {@link PseudonymKey} on the machine where the function runs; it is never
 * part of the job. It is asked for the same few devices and people again and again, once for each
 * of their readings, and remembers what it said last.
 */
public final class Pseudonym extends ScalarFunction {

  private static final long serialVersionUID = 1L;

  /** How many pseudonyms are remembered: some megabytes. */
  private static final int REMEMBERED = 10_000;

  private transient Mac mac;
  private transient Map<String, String> remembered;

  /**
   * {@inheritDoc}
   *
   * @throws io.stedi.lakehouse.failure.LakehouseException if there is no key
   */
  @Override
  public void open(FunctionContext context) {
    Map<String, String> parameters = new HashMap<>();
    for (String name : PseudonymKey.PARAMETERS) {
      parameters.put(name, context.getJobParameter(name, ""));
    }
    mac = PseudonymKey.ofJob(System.getenv(), parameters).mac();
    remembered = new Lru();
  }

  public String eval(String text) {
    return text == null ? null : remembered.computeIfAbsent(text, this::make);
  }

  private String make(String text) {
    return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Forgets what was not asked for for longest. */
  private static final class Lru extends LinkedHashMap<String, String> {

    private static final long serialVersionUID = 1L;

    Lru() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
      return size() > REMEMBERED;
    }
  }
}
