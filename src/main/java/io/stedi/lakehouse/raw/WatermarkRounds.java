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
 *
 * <p>What waits for it, it passes a part at a time, each when a checkpoint has been completed since
 * the one before. No checkpoint passes while a job lets go of what a watermark has passed, and of
 * the archive of years that takes longer than a checkpoint may take.
 */
final class WatermarkRounds {

  static final long NONE = Long.MIN_VALUE;

  /**
   * By which part of the bound the watermark moves at least. Readers are told seldom, since Flink
   * fails a job one of whose tasks ends, for a savepoint, in the moment in which it is told
   * something.
   */
  private static final int STEPS = 100;

  private static final long NO_CHECKPOINT = -1;

  private final Duration bound;
  private final LongSupplier nanoTime;
  private final long most;
  private final TimeSketch ahead;

  /** How far the watermark had come in the runs before, or {@link #NONE}. */
  private final long passedBefore;

  /** How far the rows have come, in milliseconds since the epoch, and when that was told. */
  private long reached;

  private long reachedAt;

  private long watermark = NONE;

  /** What the watermark may be: all is read that was there when a round began. */
  private long goal = NONE;

  /** What the goal will be when all is read that was there when the round began. */
  private long next = NONE;

  /** Whether the watermark waits for a checkpoint, and for which, when one has begun since. */
  private boolean held;

  private long awaited = NO_CHECKPOINT;

  private final Set<Object> unread = new HashSet<>();

  /**
   * @param bound how far the watermark stays behind
   * @param nanoTime a clock that only goes forward, in nanoseconds
   * @param most how many of the times that are told the watermark passes between two checkpoints
   * @param reached how far the rows had come before, in milliseconds since the epoch, or {@link
   *     #NONE}
   * @param passed how far the watermark had come before, likewise
   * @param ahead the times that the watermark had not passed before, which are kept here from now
   *     on
   */
  WatermarkRounds(
      Duration bound,
      LongSupplier nanoTime,
      long most,
      long reached,
      long passed,
      TimeSketch ahead) {
    this.bound = bound;
    this.nanoTime = nanoTime;
    this.most = most;
    this.ahead = ahead;
    this.reached = reached;
    this.reachedAt = nanoTime.getAsLong();
    this.passedBefore = passed;
  }

  /** Takes what a reader tells of the times that it reads. */
  void reached(TimeReport report) {
    for (long time : report.times()) {
      if (time > watermark) {
        ahead.add(time);
      }
    }
    if (report.median() > now()) {
      reached = report.median();
      reachedAt = nanoTime.getAsLong();
    }
  }

  /** Notes that a checkpoint begins: what readers were told is in it. */
  void checkpointBegins(long checkpoint) {
    if (held && awaited == NO_CHECKPOINT) {
      awaited = checkpoint;
    }
  }

  /** Notes that a checkpoint is completed: what the watermark has passed is gone. */
  void checkpointCompleted(long checkpoint) {
    if (held && awaited != NO_CHECKPOINT && checkpoint >= awaited) {
      held = false;
    }
  }

  /** How far the rows have come, in milliseconds since the epoch, or {@link #NONE}. */
  long reached() {
    return reached;
  }

  /** The times that the watermark has not passed. */
  TimeSketch ahead() {
    return ahead;
  }

  /** What readers are to emit, or {@link #NONE}. */
  long watermark() {
    return watermark;
  }

  /**
   * How far the watermark has come, or {@link #NONE}. After a stop that is further than what
   * readers are to emit: of what came meanwhile none waits in vain for another, but what it would
   * pair with may be gone.
   */
  long passed() {
    return Math.max(passedBefore, watermark);
  }

  /** Begins the round anew: of what was taken for read some is not. */
  void again() {
    next = NONE;
    goal = watermark;
  }

  /**
   * Ends the round if all of it is read, and begins the next.
   *
   * @param open what is not read now
   * @return the watermark if it is a new one
   */
  OptionalLong advance(Set<?> open) {
    unread.retainAll(open);
    if (next == NONE || unread.isEmpty()) {
      if (next != NONE && (goal == NONE || next - goal >= Math.max(1, bound.toMillis() / STEPS))) {
        goal = next;
      }
      unread.clear();
      unread.addAll(open);
      next = reached == NONE ? NONE : now() - bound.toMillis();
    }
    return follow();
  }

  private OptionalLong follow() {
    if (held || goal == watermark) {
      return OptionalLong.empty();
    }
    watermark = ahead.release(goal, most);
    held = watermark < goal;
    awaited = NO_CHECKPOINT;
    return OptionalLong.of(watermark);
  }

  /** The time that rows are thought to have come to by now; {@link #NONE} before any have. */
  private long now() {
    return reached == NONE
        ? NONE
        : reached + Duration.ofNanos(nanoTime.getAsLong() - reachedAt).toMillis();
  }
}
