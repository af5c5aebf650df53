package io.stedi.lakehouse.raw;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Tells from the times of rows how far these have come: by the median of so many of them at a time
 * that a device whose clock is wrong is outvoted. Times that lie ahead of this machine's clock, as
 * the year 2090 does, have no vote at all.
 */
final class TimeWindow {

  static final int ROWS = 1000;

  private final long[] times = new long[ROWS];
  private final LongSupplier clock;
  private int size;
  private long now;

  /**
   * @param clock milliseconds since the epoch
   */
  TimeWindow(LongSupplier clock) {
    this.clock = clock;
    refresh();
  }

  /** Looks at the clock, which is not done for every row. */
  void refresh() {
    now = clock.getAsLong();
  }

  /** Takes the time of a row, and tells the median of the last ones when there are enough. */
  OptionalLong add(long time) {
    if (time > now) {
      return OptionalLong.empty();
    }
    times[size++] = time;
    if (size < ROWS) {
      return OptionalLong.empty();
    }
    size = 0;
    refresh();
    Arrays.sort(times);
    return OptionalLong.of(times[ROWS / 2]);
  }
}
