package io.stedi.lakehouse.function;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.functions.AggregateFunction;
import org.apache.flink.table.types.inference.InputTypeStrategies;
import org.apache.flink.table.types.inference.StateTypeStrategy;
import org.apache.flink.table.types.inference.TypeInference;
import org.apache.flink.table.types.inference.TypeStrategies;
import org.apache.flink.types.Row;

/**
 * SQL function {@code max_by(value, text)}: of the rows of a group, the value of the one whose text
 * sorts last; the value is a row of columns. Null if all texts are.
 *
 * <p>A ranking tells the same, but hands on every change of the first row. A group's result is
 * handed on only if it differs, so what hangs on it, which may be all readings of a person, stays.
 */
public final class MaxBy extends AggregateFunction<Row, Row> {

  private static final long serialVersionUID = 1L;

  private static final int TEXT = 0;
  private static final int VALUE = 1;

  @Override
  public Row createAccumulator() {
    return Row.of(null, null);
  }

  /** Takes a row of the group. */
  public void accumulate(Row accumulator, Row value, String text) {
    if (text != null && isAfter(text, (String) accumulator.getField(TEXT))) {
      accumulator.setField(TEXT, text);
      accumulator.setField(VALUE, value);
    }
  }

  /** Takes what was made of other parts of the group. */
  public void merge(Row accumulator, Iterable<Row> others) {
    for (Row other : others) {
      accumulate(accumulator, (Row) other.getField(VALUE), (String) other.getField(TEXT));
    }
  }

  /**
   * Flink sorts texts by the bytes of their UTF-8, Java by those of UTF-16, which is another order.
   */
  private static boolean isAfter(String text, String former) {
    return former == null
        || Arrays.compareUnsigned(
                text.getBytes(StandardCharsets.UTF_8), former.getBytes(StandardCharsets.UTF_8))
            > 0;
  }

  @Override
  public Row getValue(Row accumulator) {
    return (Row) accumulator.getField(VALUE);
  }

  @Override
  public TypeInference getTypeInference(DataTypeFactory types) {
    LinkedHashMap<String, StateTypeStrategy> state = new LinkedHashMap<>();
    state.put(
        "last",
        StateTypeStrategy.of(
            call ->
                Optional.of(
                    DataTypes.ROW(
                        DataTypes.FIELD("text", DataTypes.STRING()),
                        DataTypes.FIELD("value", call.getArgumentDataTypes().get(0).nullable())))));
    return TypeInference.newBuilder()
        .inputTypeStrategy(
            InputTypeStrategies.sequence(
                InputTypeStrategies.ANY, InputTypeStrategies.explicit(DataTypes.STRING())))
        .stateTypeStrategies(state)
        .outputTypeStrategy(TypeStrategies.forceNullable(TypeStrategies.argument(0)))
        .build();
  }
}
