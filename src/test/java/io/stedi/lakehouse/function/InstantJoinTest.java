package io.stedi.lakehouse.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.api.java.typeutils.RowTypeInfo;
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

  /** Let go once the rows before the late ones were paired. */
  private static final CountDownLatch PAIRED = new CountDownLatch(1);

  private final StreamExecutionEnvironment environment =
      StreamExecutionEnvironment.getExecutionEnvironment().setParallelism(1);

  private final StreamTableEnvironment flink = StreamTableEnvironment.create(environment);

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

  @Test
  void whatComesAfterTheWatermarkFindsNothingOfItsTime() throws Exception {
    stream("slow_steps", Row.of(LATE, "s1"), Row.of(OTHER, "s2"), Row.of(EARLY, "s3"));
    stream("slow_motions", Row.of(LATE, "m1"), Row.of(OTHER, "m2"), Row.of(EARLY, "m3"));
    try (CloseableIterator<Row> pairs =
        flink
            .executeSql(
                """
                SELECT slow_steps_name, slow_motions_name
                FROM instant_join(
                  a => TABLE slow_steps PARTITION BY moment,
                  b => TABLE slow_motions PARTITION BY moment,
                  on_time => DESCRIPTOR(event_time)
                )
                """)
            .collect()) {
      assertThat(List.of(pairs.next(), pairs.next()))
          .containsExactlyInAnyOrder(Row.of("s1", "m1"), Row.of("s2", "m2"));
      // Both were sent after a watermark: each stream's has passed EARLY.
      PAIRED.countDown();
      assertThat(pairs).toIterable().isEmpty();
    }
  }

  /** A stream whose watermark is at EARLY from the first row on, and which waits for its third. */
  private void stream(String name, Row... rows) {
    flink.createTemporaryView(
        name,
        flink.fromDataStream(
            environment
                .fromSource(
                    new NumberSequenceSource(0, rows.length - 1),
                    WatermarkStrategy.noWatermarks(),
                    name)
                .map(
                    index -> {
                      if (index == 2 && !PAIRED.await(1, TimeUnit.MINUTES)) {
                        throw new IllegalStateException("the first rows were not paired");
                      }
                      return rows[index.intValue()];
                    })
                .returns(
                    new RowTypeInfo(
                        new TypeInformation<?>[] {Types.INSTANT, Types.STRING},
                        new String[] {"event_time", name + "_name"}))
                .assignTimestampsAndWatermarks(
                    WatermarkStrategy.forGenerator(context -> new AtEarly())),
            Schema.newBuilder()
                .column("event_time", DataTypes.TIMESTAMP_LTZ(3))
                .column(name + "_name", DataTypes.STRING())
                .columnByExpression("moment", "CAST(event_time AS TIMESTAMP(3))")
                .watermark("event_time", "SOURCE_WATERMARK()")
                .build()));
  }

  private static final class AtEarly implements WatermarkGenerator<Row> {

    @Override
    public void onEvent(Row row, long time, WatermarkOutput output) {
      output.emitWatermark(new Watermark(EARLY.toEpochMilli()));
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      // Only with a row, so that what is sent after one tells of it.
    }
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
