package io.stedi.lakehouse.function;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * SQL function {@code content_hash(x, y, z)}: the first 64 bits of the SHA-256 of three numbers. It
 * stands for them in primary keys, which cannot hold floating point numbers. It need only tell
 * apart the readings of one sensor at one instant, for which 64 bits are plenty, and has to be the
 * same in every run and on every machine.
 */
public final class ContentHash extends ScalarFunction {

  private static final long serialVersionUID = 1L;

  private transient MessageDigest digest;
  private transient ByteBuffer numbers;

  @Override
  public void open(FunctionContext context) throws NoSuchAlgorithmException {
    digest = MessageDigest.getInstance("SHA-256");
    numbers = ByteBuffer.allocate(3 * Double.BYTES);
  }

  /** The hash, or null if one of the numbers is null. */
  public Long eval(Double x, Double y, Double z) {
    if (x == null || y == null || z == null) {
      return null;
    }
    numbers.clear();
    // Equal numbers have equal hashes: adding zero makes zero of minus zero.
    numbers.putDouble(x + 0.0).putDouble(y + 0.0).putDouble(z + 0.0);
    return ByteBuffer.wrap(digest.digest(numbers.array())).getLong();
  }
}
