package io.stedi.lakehouse.function;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
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
 * part of the job.
 */
public final class Pseudonym extends ScalarFunction {

  private static final long serialVersionUID = 1L;

  private transient Mac mac;

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
  }

  public String eval(String text) {
    return text == null
        ? null
        : HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
  }
}
