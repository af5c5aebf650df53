package io.stedi.lakehouse.raw;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * About how many rows are of which times, for those that the watermark has not passed. It holds
 * samples, {@value #MOST} at most: when there are more, every second is dropped, and of those that
 * come later as many.
 */
final class TimeSketch {

  static final int MOST = 8192;

  private final long[] times = new long[MOST];
  private int size;
  private boolean sorted = true;

  /** How many of the times that came a sample stands for. */
  private long weight = 1;

  /** How many came since the last one that was taken. */
  private long passed;

  /** Takes a time, in milliseconds since the epoch. */
  void add(long time) {
    passed++;
    if (passed < weight) {
      return;
    }
    passed = 0;
    if (size == MOST) {
      thin();
    }
    times[size++] = time;
    sorted = false;
  }

  /**
   * Lets go of the earliest times.
   *
   * @param last the latest time to let go of
   * @param most of how many, at least of the first; so that all of them go in the end
   * @return up to where it did, {@code last} if all that are so early are gone
   */
  long release(long last, long most) {
    sort();
    int due = countUpTo(last);
    int allowed = (int) Math.min(MOST, Math.max(1, most / weight));
    long until = due <= allowed ? last : times[allowed - 1];
    int gone = countUpTo(until);
    System.arraycopy(times, gone, times, 0, size - gone);
    size -= gone;
    return until;
  }

  private void thin() {
    sort();
    size /= 2;
    for (int i = 0; i < size; i++) {
      times[i] = times[2 * i + 1];
    }
    weight *= 2;
  }

  private void sort() {
    if (!sorted) {
      Arrays.sort(times, 0, size);
      sorted = true;
    }
  }

  private int countUpTo(long last) {
    int count = 0;
    while (count < size && times[count] <= last) {
      count++;
    }
    return count;
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(weight);
    out.writeInt(size);
    for (int i = 0; i < size; i++) {
      out.writeLong(times[i]);
    }
  }

  static TimeSketch read(DataInput in) throws IOException {
    TimeSketch sketch = new TimeSketch();
    sketch.weight = in.readLong();
    sketch.size = in.readInt();
    for (int i = 0; i < sketch.size; i++) {
      sketch.times[i] = in.readLong();
    }
    sketch.sorted = false;
    return sketch;
  }
}
