package io.stedi.lakehouse.raw;

import java.time.Duration;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Makes the watermark of a source out of the times that its readers tell.
 *
 * <p>It goes in rounds. One notes how far the times have come and which files are there unread;
 * when these are read, the watermark follows as far as the bound lets it. So of the files that are
 * there together none is late, in whatever order they are read, be it the archive of years that a
 * source begins with or what came while it stood still. While nothing comes, it goes on with the
 * clock: else a source that has fallen silent would hold back the state of the others for ever.
 */
final class WatermarkRounds {

  static final long NONE = Long.MIN_VALUE;

  /**
   * By which part of the bound the watermark moves at least. Readers are told seldom, since Flink
   * fails a job one of whose tasks ends, for a savepoint, in the moment in which it is told
   * something.
   */
  private static final int STEPS = 100;

  private final Duration bound;
  private final LongSupplier nanoTime;

  /** How far the rows have come, in milliseconds since the epoch, and when that was told. */
  private long reached;

  private long reachedAt;

  private long watermark = NONE;

  /** What the watermark will be when all is read that was there when the round began. */
  private long next = NONE;

  private final Set<Object> unread = new HashSet<>();

  /**
   * @param bound how far the watermark stays behind
   * @param nanoTime a clock that only goes forward, in nanoseconds
   * @param reached how far the rows had come before, in milliseconds since the epoch, or {@link
   *     #NONE}
   */
  WatermarkRounds(Duration bound, LongSupplier nanoTime, long reached) {
    this.bound = bound;
    this.nanoTime = nanoTime;
    this.reached = reached;
    this.reachedAt = nanoTime.getAsLong();
  }

  /** Takes a time that rows have come to, in milliseconds since the epoch. */
  void reached(long time) {
    if (time > now()) {
      reached = time;
      reachedAt = nanoTime.getAsLong();
    }
  }

  /** How far the rows have come, in milliseconds since the epoch, or {@link #NONE}. */
  long reached() {
    return reached;
  }

  /** What readers are to emit, or {@link #NONE}. */
  long watermark() {
    return watermark;
  }

  /** Begins the round anew: of what was taken for read some is not. */
  void again() {
    next = NONE;
  }

  /**
   * Ends the round if all of it is read, and begins the next.
   *
   * @param open what is not read now
   * @return the watermark if it is a new one
   */
  OptionalLong advance(Set<?> open) {
    unread.retainAll(open);
    if (next != NONE && !unread.isEmpty()) {
      return OptionalLong.empty();
    }
    boolean moves =
        next != NONE
            && (watermark == NONE || next - watermark >= Math.max(1, bound.toMillis() / STEPS));
    if (moves) {
      watermark = next;
    }
    unread.clear();
    unread.addAll(open);
    next = reached == NONE ? NONE : now() - bound.toMillis();
    return moves ? OptionalLong.of(watermark) : OptionalLong.empty();
  }

  /** The time that rows are thought to have come to by now; {@link #NONE} before any have. */
  private long now() {
    return reached == NONE
        ? NONE
        : reached + Duration.ofNanos(nanoTime.getAsLong() - reachedAt).toMillis();
  }
}
