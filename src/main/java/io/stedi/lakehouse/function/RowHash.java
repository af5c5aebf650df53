package io.stedi.lakehouse.function;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.ArgumentCount;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.ConstantArgumentCount;
import org.apache.flink.table.types.inference.InputTypeStrategy;
import org.apache.flink.table.types.inference.Signature;
import org.apache.flink.table.types.inference.TypeInference;
import org.apache.flink.table.types.inference.TypeStrategies;

/**
 * SQL function {@code row_hash(value, ...)}: 64 bits that tell rows apart, to compare tables by
 * sums or sets of them. It is made to be fast, and holds against chance, not against intent. Rows
 * with equal values of equal types have equal hashes; nulls are values.
 */
public final class RowHash extends ScalarFunction {

  private static final long serialVersionUID = 1L;

  /**
   * The golden ratio in 64 bits, by which SplittableRandom tells the places of a sequence apart.
   */
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private static final long NULL = 0x5851F42D4C957F2DL;

  /** The hash; never null. */
  public long eval(Object... values) {
    long hash = values.length;
    for (Object value : values) {
      hash = mixed(hash + GAMMA, bits(value));
    }
    return hash;
  }

  private static long mixed(long hash, long bits) {
    // The finalizer of SplitMix64 (Steele, Lea and Flood, 2014), which is a bijection.
    long z = hash ^ bits;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private static long bits(Object value) {
    if (value == null) {
      return NULL;
    }
    if (value instanceof StringData text) {
      return bits(text.toBytes());
    }
    if (value instanceof TimestampData time) {
      return mixed(time.getMillisecond(), time.getNanoOfMillisecond());
    }
    if (value instanceof Double number) {
      return Double.doubleToLongBits(number);
    }
    if (value instanceof Boolean truth) {
      return truth ? 1 : 0;
    }
    return ((Number) value).longValue();
  }

  private static long bits(byte[] text) {
    ByteBuffer bytes = ByteBuffer.wrap(text).order(ByteOrder.LITTLE_ENDIAN);
    long hash = text.length;
    while (bytes.remaining() >= Long.BYTES) {
      hash = mixed(hash + GAMMA, bytes.getLong());
    }
    long rest = 0;
    while (bytes.hasRemaining()) {
      rest = rest << Byte.SIZE | bytes.get() & 0xFF;
    }
    return mixed(hash + GAMMA, rest);
  }

  @Override
  public TypeInference getTypeInference(DataTypeFactory factory) {
    return TypeInference.newBuilder()
        .inputTypeStrategy(new AsFlinkHoldsThem())
        .outputTypeStrategy(TypeStrategies.explicit(DataTypes.BIGINT().notNull()))
        .build();
  }

  /**
   * Values as Flink holds them in rows: turned into Java's, texts would cost more than the hash.
   */
  private static final class AsFlinkHoldsThem implements InputTypeStrategy {

    @Override
    public ArgumentCount getArgumentCount() {
      return ConstantArgumentCount.from(1);
    }

    @Override
    public Optional<List<DataType>> inferInputTypes(CallContext call, boolean throwOnFailure) {
      return Optional.of(
          call.getArgumentDataTypes().stream().map(AsFlinkHoldsThem::asHeld).toList());
    }

    private static DataType asHeld(DataType type) {
      return switch (type.getLogicalType().getTypeRoot()) {
        case CHAR, VARCHAR -> type.bridgedTo(StringData.class);
        case TIMESTAMP_WITHOUT_TIME_ZONE, TIMESTAMP_WITH_LOCAL_TIME_ZONE ->
            type.bridgedTo(TimestampData.class);
        case BIGINT, INTEGER, DOUBLE, BOOLEAN -> type.nullable();
        default -> throw new ValidationException("row_hash does not take " + type.getLogicalType());
      };
    }

    @Override
    public List<Signature> getExpectedSignatures(FunctionDefinition definition) {
      return List.of(Signature.of(Signature.Argument.ofGroupVarying("ANY")));
    }
  }
}
