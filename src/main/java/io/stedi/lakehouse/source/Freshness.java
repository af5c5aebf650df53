package io.stedi.lakehouse.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.flink.core.fs.Path;
import org.apache.flink.metrics.Histogram;

/**
 * Measures how long it takes from when a file is there to when its rows are committed: from the
 * last look at the folder that did not show it as it was read, to the end of the checkpoint that
 * holds its rows, with which Iceberg commits them. So it is rather too much than too little, but
 * for the commit itself.
 */
final class Freshness {

  private final LongSupplier nanoTime;
  private final Histogram millis;

  /** Files that are not wholly read. */
  private final Map<Path, Reading> reading = new HashMap<>();

  /** Of files that were read, by the first checkpoint that holds all their rows. */
  private final TreeMap<Long, List<Long>> absentByCheckpoint = new TreeMap<>();

  /** Of files that were read since the last checkpoint was begun. */
  private List<Long> absentOfRead = new ArrayList<>();

  /** A file of which some splits are left; in nanoseconds, when it was not there. */
  private record Reading(int splits, long absent) {}

  /**
   * @param nanoTime nanoseconds of a clock that only goes forward
   * @param millis takes what is measured, in milliseconds
   */
  Freshness(LongSupplier nanoTime, Histogram millis) {
    this.nanoTime = nanoTime;
    this.millis = millis;
  }

  /** A file is to be read. */
  void taken(Path file, int splits, long absent) {
    reading.put(file, new Reading(splits, absent));
  }

  /** A split of a file was read. */
  void read(Path file) {
    Reading left = reading.remove(file);
    if (left == null) {
      // It was there when the run began.
      return;
    }
    if (left.splits() > 1) {
      reading.put(file, new Reading(left.splits() - 1, left.absent()));
    } else {
      absentOfRead.add(left.absent());
    }
  }

  /** A file is read again, at least in part. It is left out of what is measured. */
  void again(Path file) {
    reading.remove(file);
  }

  void checkpointBegins(long checkpoint) {
    absentByCheckpoint.computeIfAbsent(checkpoint, c -> new ArrayList<>()).addAll(absentOfRead);
    absentOfRead = new ArrayList<>();
  }

  /** A checkpoint that was aborted leaves its rows to the next one. */
  void checkpointCompleted(long checkpoint) {
    long now = nanoTime.getAsLong();
    Iterator<List<Long>> committed =
        absentByCheckpoint.headMap(checkpoint, true).values().iterator();
    while (committed.hasNext()) {
      committed.next().forEach(absent -> millis.update((now - absent) / 1_000_000));
      committed.remove();
    }
  }
}
