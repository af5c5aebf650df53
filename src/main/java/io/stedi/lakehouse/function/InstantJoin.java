package io.stedi.lakehouse.function;

import java.io.Serializable;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.api.dataview.ListView;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.utils.JoinedRowData;
import org.apache.flink.table.data.utils.ProjectedRowData;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ProcessTableFunction;
import org.apache.flink.table.functions.SpecializedFunction;
import org.apache.flink.table.functions.TableSemantics;
import org.apache.flink.table.functions.UserDefinedFunction;
import org.apache.flink.table.runtime.typeutils.RowDataSerializer;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.StateTypeStrategy;
import org.apache.flink.table.types.inference.StaticArgument;
import org.apache.flink.table.types.inference.StaticArgumentTrait;
import org.apache.flink.table.types.inference.TypeInference;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.ColumnList;

/**
 * SQL function {@code instant_join(a => TABLE x PARTITION BY t, b => TABLE y PARTITION BY t,
 * on_time => DESCRIPTOR(r))}: every row of one stream with every row of the other that has the same
 * key. The key stands for an instant: rows with equal keys have equal times.
 *
 * <p>It gives the keys of both, the other columns of both, which have to be called differently, and
 * last their time as {@code rowtime}. Rows are held until the watermark has come to their time. A
 * row that comes after that, which is late, finds nothing, and is not held.
 *
 * <p>Flink's interval join gives the same for an interval of length zero. It holds rows by time
 * within each key, in an ordered map, and a time at which to clear each side of it: of RocksDB that
 * is six requests a row, half of which seek or read, in place of one that reads and two that write.
 */
public final class InstantJoin extends ProcessTableFunction<RowData>
    implements SpecializedFunction {

  private static final long serialVersionUID = 1L;

  /** The place of the argument {@code on_time}, which Flink adds after those of the function. */
  private static final int ON_TIME = 2;

  /** Null before Flink tells of which tables it is. */
  private final Side a;

  /** Null before Flink tells of which tables it is. */
  private final Side b;

  private transient ProjectedRowData first;
  private transient ProjectedRowData second;
  private transient JoinedRowData pair;

  /** What is held is a copy: state on the heap keeps the object that it is given. */
  private transient RowDataSerializer heldOfA;

  private transient RowDataSerializer heldOfB;

  /** One that joins any two tables. */
  public InstantJoin() {
    this(null, null);
  }

  private InstantJoin(Side a, Side b) {
    this.a = a;
    this.b = b;
  }

  /**
   * One of the two tables.
   *
   * @param row the type of its rows
   * @param columns the places of what is held of them: all but the keys and the time
   */
  private record Side(DataType row, int[] columns) implements Serializable {

    static Side of(CallContext call, int argument) {
      DataType row = call.getArgumentDataTypes().get(argument);
      TableSemantics table =
          call.getTableSemantics(argument)
              .orElseThrow(() -> new ValidationException("instant_join takes tables"));
      List<String> names = DataType.getFieldNames(row);
      int time = table.timeColumn() >= 0 ? table.timeColumn() : timeNamed(names, call);
      return new Side(
          row,
          IntStream.range(0, names.size())
              .filter(column -> column != time)
              .filter(
                  column ->
                      IntStream.of(table.partitionByColumns()).noneMatch(key -> key == column))
              .toArray());
    }

    /** The place of the time, while the planner knows no more of it than what is said. */
    private static int timeNamed(List<String> names, CallContext call) {
      return call.getArgumentValue(ON_TIME, ColumnList.class).stream()
          .flatMap(said -> said.getNames().stream())
          .mapToInt(names::indexOf)
          .filter(column -> column >= 0)
          .findFirst()
          .orElseThrow(
              () ->
                  new ValidationException(
                      "instant_join needs the time of both tables: on_time => DESCRIPTOR(a_column)"));
    }

    Stream<DataTypes.Field> fields() {
      List<DataTypes.Field> all = DataType.getFields(row);
      return IntStream.of(columns).mapToObj(all::get);
    }

    DataType held() {
      return DataTypes.ROW(fields().toList()).notNull().bridgedTo(RowData.class);
    }
  }

  @Override
  public void open(FunctionContext context) {
    first = ProjectedRowData.from(a.columns());
    second = ProjectedRowData.from(b.columns());
    pair = new JoinedRowData();
    heldOfA = new RowDataSerializer((RowType) a.held().getLogicalType());
    heldOfB = new RowDataSerializer((RowType) b.held().getLogicalType());
  }

  /**
   * Takes a row of one of the tables.
   *
   * @param ofA what is held of the first table for the key
   * @param ofB what is held of the second
   * @param rowOfA null if the row is of the second table
   * @param rowOfB null if the row is of the first
   */
  public void eval(
      Context context, ListView<RowData> ofA, ListView<RowData> ofB, RowData rowOfA, RowData rowOfB)
      throws Exception {
    TimeContext<Long> time = context.timeContext(Long.class);
    Long watermark = time.currentWatermark();
    if (watermark != null && time.time() <= watermark) {
      return;
    }
    if (rowOfA != null) {
      first.replaceRow(rowOfA);
      for (RowData held : ofB.get()) {
        collect(pair.replace(first, held));
      }
      ofA.add(heldOfA.toBinaryRow(first).copy());
    } else {
      second.replaceRow(rowOfB);
      for (RowData held : ofA.get()) {
        collect(pair.replace(held, second));
      }
      ofB.add(heldOfB.toBinaryRow(second).copy());
    }
    // One for each key, however often it is set.
    time.registerOnTime(time.time());
  }

  /** Lets go of a key whose time has come. */
  public void onTimer(OnTimerContext context, ListView<RowData> ofA, ListView<RowData> ofB) {
    context.clearAllState();
  }

  /**
   * Flink tells of the tables, and takes their rows as it holds them from then on: turned into
   * Java's values they would cost more than the join.
   */
  @Override
  public UserDefinedFunction specialize(SpecializedContext context) {
    return new InstantJoin(
        Side.of(context.getCallContext(), 0), Side.of(context.getCallContext(), 1));
  }

  @Override
  public TypeInference getTypeInference(DataTypeFactory factory) {
    LinkedHashMap<String, StateTypeStrategy> states = new LinkedHashMap<>();
    states.put("of_a", held(0));
    states.put("of_b", held(1));
    return TypeInference.newBuilder()
        .staticArguments(argument("a", a), argument("b", b))
        .stateTypeStrategies(states)
        .outputTypeStrategy(
            call ->
                Optional.of(
                    DataTypes.ROW(
                            Stream.of(Side.of(call, 0), Side.of(call, 1))
                                .flatMap(Side::fields)
                                .toList())
                        .bridgedTo(RowData.class)))
        .build();
  }

  private static StaticArgument argument(String name, Side side) {
    EnumSet<StaticArgumentTrait> traits =
        EnumSet.of(
            StaticArgumentTrait.TABLE,
            StaticArgumentTrait.SET_SEMANTIC_TABLE,
            StaticArgumentTrait.REQUIRE_ON_TIME);
    return side == null
        ? StaticArgument.table(name, RowData.class, false, traits)
        : StaticArgument.table(name, side.row().bridgedTo(RowData.class), false, traits);
  }

  private static StateTypeStrategy held(int argument) {
    return StateTypeStrategy.of(
        call -> Optional.of(ListView.newListViewDataType(Side.of(call, argument).held())));
  }
}
