package io.stedi.lakehouse.raw;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeWindowTest {

  private static final long T = 1_655_000_000_000L;
  private static final long IN_2090 = Instant.parse("2090-01-01T00:00:00Z").toEpochMilli();

  private final List<Long> told = new ArrayList<>();
  private long now = T + 10 * TimeWindow.ROWS;
  private final TimeWindow window = new TimeWindow(() -> now);

  @Test
  void theMedianOfEveryThousandIsTold() {
    for (int i = 0; i < 2 * TimeWindow.ROWS + 500; i++) {
      add(T + i);
    }
    assertThat(told).containsExactly(T + 500, T + 1500);
  }

  @Test
  void whatIsToldStandsForAsManyRowsEach() {
    for (int i = 1; i < TimeWindow.ROWS; i++) {
      assertThat(window.add(T + 9L * (TimeWindow.ROWS - i))).isEmpty();
    }
    assertThat(window.add(T).orElseThrow().times())
        .containsExactly(
            T + 9 * 55,
            T + 9 * 166,
            T + 9 * 277,
            T + 9 * 388,
            T + 9 * 500,
            T + 9 * 611,
            T + 9 * 722,
            T + 9 * 833,
            T + 9 * 944);
  }

  @Test
  void aDeviceWhoseClockIsAheadIsOutvoted() {
    for (int i = 0; i < 600; i++) {
      add(T + i);
    }
    for (int i = 0; i < 400; i++) {
      add(T + 5000);
    }
    assertThat(told).containsExactly(T + 500);
  }

  @Test
  void whatLiesInTheFutureHasNoVoteHoweverMuchThereIs() {
    for (int i = 0; i < TimeWindow.ROWS; i++) {
      add(IN_2090);
      add(T + i);
      add(IN_2090 + i);
    }
    assertThat(told).containsExactly(T + 500);
  }

  @Test
  void theClockIsLookedAtAgain() {
    long later = now + 1;
    for (int i = 0; i < TimeWindow.ROWS; i++) {
      add(later);
    }
    assertThat(told).isEmpty();
    now = later;
    window.refresh();
    for (int i = 0; i < TimeWindow.ROWS; i++) {
      add(later);
    }
    assertThat(told).containsExactly(later);
  }

  private void add(long time) {
    window.add(time).map(TimeReport::median).ifPresent(told::add);
  }
}
