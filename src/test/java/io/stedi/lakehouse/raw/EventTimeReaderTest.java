package io.stedi.lakehouse.raw;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.junit.jupiter.api.Test;

/** What becomes of rows, and of the watermark, on their way from a reader into the job. */
class EventTimeReaderTest {

  private static final long T = 1_655_000_000_000L;

  private final Deque<RowData> unread = new ArrayDeque<>();
  private final List<RowData> rows = new ArrayList<>();
  private final List<Long> watermarks = new ArrayList<>();
  private final CompletableFuture<Void> more = new CompletableFuture<>();
  private final Counter late = new SimpleCounter();

  private final EventTimeReader reader =
      new EventTimeReader(
          reader(),
          proxy(SourceReaderContext.class, (method, argument) -> null),
          new EventTime(0, 1, Duration.ofHours(1)),
          late,
          () -> T);

  @Test
  void marksAndCountsWhatTheWatermarkHasPassed() throws Exception {
    reader.handleSourceEvents(new WatermarkEvent(T, T));
    read(at(T + 1), at(T), at(T - 1));
    assertThat(marks()).containsExactly(null, true, true);
    assertThat(late.getCount()).isEqualTo(2);
    assertThat(watermarks).containsExactly(T);
  }

  @Test
  void whatIsNoRecordIsNotLateAndARecordOfTheEpochIs() throws Exception {
    reader.handleSourceEvents(new WatermarkEvent(T, T));
    read(GenericRowData.of(RowLayout.TIME_OF_REJECT, null), GenericRowData.of(null, null), at(0));
    assertThat(marks()).containsExactly(null, null, true);
    assertThat(late.getCount()).isEqualTo(1);
  }

  @Test
  void readsNothingBeforeItIsToldHowFarTheWatermarkHadCome() throws Exception {
    read(at(T));
    assertThat(rows).isEmpty();
    assertThat(reader.isAvailable()).isNotDone();
    CompletableFuture<Void> available = reader.isAvailable();

    reader.handleSourceEvents(new WatermarkEvent(WatermarkRounds.NONE, T));
    assertThat(available).isDone();
    assertThat(reader.isAvailable()).isSameAs(more);
    read();
    assertThat(marks()).containsExactly(true);
    assertThat(watermarks).as("what came while it stood still may pair").isEmpty();

    reader.handleSourceEvents(new WatermarkEvent(T - 5, T));
    read(at(T - 1), at(T + 1));
    assertThat(marks()).containsExactly(true, true, null);
    assertThat(watermarks).containsExactly(T - 5);
  }

  private static RowData at(long time) {
    return GenericRowData.of(TimestampData.fromEpochMillis(time), null);
  }

  private List<Object> marks() {
    return rows.stream().map(row -> ((GenericRowData) row).getField(1)).toList();
  }

  /** Lets the reader have these rows, and asks it as often as it would take. */
  private void read(RowData... given) throws Exception {
    unread.addAll(List.of(given));
    for (int i = unread.size(); i >= 0; i--) {
      reader.pollNext(output());
    }
  }

  @SuppressWarnings("unchecked")
  private SourceReader<RowData, FileSourceSplit> reader() {
    return proxy(
        SourceReader.class,
        (method, argument) ->
            switch (method) {
              case "pollNext" -> {
                if (!unread.isEmpty()) {
                  ((ReaderOutput<RowData>) argument).collect(unread.poll());
                }
                yield InputStatus.NOTHING_AVAILABLE;
              }
              case "isAvailable" -> more;
              default -> throw new UnsupportedOperationException(method);
            });
  }

  @SuppressWarnings("unchecked")
  private ReaderOutput<RowData> output() {
    return proxy(
        ReaderOutput.class,
        (method, argument) -> {
          switch (method) {
            case "collect" -> rows.add((RowData) argument);
            case "emitWatermark" -> watermarks.add(((Watermark) argument).getTimestamp());
            default -> throw new UnsupportedOperationException(method);
          }
          return null;
        });
  }

  private interface Answer {
    Object to(String method, Object argument);
  }

  private static <T> T proxy(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            EventTimeReaderTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                answer.to(method.getName(), arguments == null ? null : arguments[0])));
  }
}
