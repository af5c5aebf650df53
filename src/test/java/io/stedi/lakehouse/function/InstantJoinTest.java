package io.stedi.lakehouse.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InstantJoinTest {

  private static final Instant EARLY = Instant.parse("2026-01-31T00:00:00.001Z");
  private static final Instant LATE = Instant.parse("2026-01-31T00:00:00.002Z");
  private static final Instant OTHER = Instant.parse("2026-01-31T00:00:00.003Z");

  private final StreamTableEnvironment flink =
      StreamTableEnvironment.create(StreamExecutionEnvironment.getExecutionEnvironment());

  @BeforeEach
  void twoStreams() {
    flink.createTemporarySystemFunction("instant_join", InstantJoin.class);
    table(
        "steps",
        Row.of(LATE, "s1", 1),
        Row.of(EARLY, "s2", 2),
        Row.of(EARLY, null, 3),
        Row.of(OTHER, "s4", 4));
    table("motions", Row.of(EARLY, "m1", 10), Row.of(EARLY, "m2", null), Row.of(LATE, "m3", 30));
  }

  @Test
  void everyRowMeetsEveryRowOfItsInstantAndNoOther() throws Exception {
    List<Row> pairs =
        rows(
            flink.executeSql(
                """
                SELECT steps_name, steps_size, motions_name, motions_size, rowtime, moment = moment0
                FROM instant_join(
                  a => TABLE steps PARTITION BY moment,
                  b => TABLE motions PARTITION BY moment,
                  on_time => DESCRIPTOR(event_time)
                )
                """));
    assertThat(pairs)
        .containsExactlyInAnyOrder(
            Row.of("s2", 2, "m1", 10, EARLY, true),
            Row.of("s2", 2, "m2", null, EARLY, true),
            Row.of(null, 3, "m1", 10, EARLY, true),
            Row.of(null, 3, "m2", null, EARLY, true),
            Row.of("s1", 1, "m3", 30, LATE, true));
  }

  @Test
  void withoutATimeNothingWouldLeaveTheState() {
    assertThatThrownBy(
            () ->
                flink.explainSql(
                    "SELECT * FROM instant_join(a => TABLE steps PARTITION BY moment, b => TABLE motions PARTITION BY moment)"))
        .isInstanceOf(ValidationException.class)
        .hasStackTraceContaining("instant_join needs the time of both tables");
  }

  private void table(String name, Row... rows) {
    flink.createTemporaryView(
        name,
        flink.fromDataStream(
            flink.toDataStream(
                flink.fromValues(
                    DataTypes.ROW(
                        DataTypes.FIELD("event_time", DataTypes.TIMESTAMP_LTZ(3)),
                        DataTypes.FIELD(name + "_name", DataTypes.STRING()),
                        DataTypes.FIELD(name + "_size", DataTypes.INT())),
                    (Object[]) rows)),
            Schema.newBuilder()
                .column("event_time", DataTypes.TIMESTAMP_LTZ(3))
                .column(name + "_name", DataTypes.STRING())
                .column(name + "_size", DataTypes.INT())
                .columnByExpression("moment", "CAST(event_time AS TIMESTAMP(3))")
                .watermark("event_time", "event_time - INTERVAL '1' SECOND")
                .build()));
  }

  private static List<Row> rows(TableResult result) throws Exception {
    List<Row> rows = new ArrayList<>();
    try (CloseableIterator<Row> all = result.collect()) {
      all.forEachRemaining(rows::add);
    }
    return rows;
  }
}
