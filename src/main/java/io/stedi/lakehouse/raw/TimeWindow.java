package io.stedi.lakehouse.raw;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Tells from the times of rows how far these have come: of so many of them at a time that a device
 * whose clock is wrong is outvoted in their median. Times that lie ahead of this machine's clock,
 * as the year 2090 does, have no vote at all.
 */
final class TimeWindow {

  static final int ROWS = 1000;

  /** How many of the times are told. The one in the middle is their median. */
  static final int TOLD = 9;

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

  /** Takes the time of a row, and tells of the last ones when there are enough. */
  Optional<TimeReport> add(long time) {
    if (time > now) {
      return Optional.empty();
    }
    times[size++] = time;
    if (size < ROWS) {
      return Optional.empty();
    }
    size = 0;
    refresh();
    Arrays.sort(times);
    long[] told = new long[TOLD];
    for (int i = 0; i < TOLD; i++) {
      told[i] = times[(2 * i + 1) * ROWS / (2 * TOLD)];
    }
    return Optional.of(new TimeReport(told));
  }
}
