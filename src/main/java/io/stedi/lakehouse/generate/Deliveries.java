package io.stedi.lakehouse.generate;

import io.stedi.lakehouse.records.RecordKind;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.SplittableRandom;

/**
 * Everything that arrives of one kind: most records in the main series of files, some in small
 * files beside it, and some twice.
 */
final class Deliveries implements AutoCloseable {

  /** Every so many records one comes in a small file, if there are any. */
  private static final int SMALL_ONE_IN = 10;

  /** How many records wait to be repeated, so that a repeat is not next to what it repeats. */
  private static final int MAX_WAITING = 20;

  private final RecordKind kind;
  private final Spelling spelling;
  private final FileSeries main;
  private final FileSeries small;
  private final boolean clean;
  private final SplittableRandom random;
  private final Tally tally;
  private final Queue<Repeat> waiting = new ArrayDeque<>();

  private record Repeat(FileSeries series, JsonRecord record, String json) {}

  /**
   * @param small null if there are no small files
   */
  Deliveries(
      RecordKind kind,
      Spelling spelling,
      FileSeries main,
      FileSeries small,
      boolean clean,
      SplittableRandom random,
      Tally tally) {
    this.kind = kind;
    this.spelling = spelling;
    this.main = main;
    this.small = small;
    this.clean = clean;
    this.random = random;
    this.tally = tally;
  }

  void write(JsonRecord record) throws IOException {
    boolean inSmall = small != null && random.nextInt(SMALL_ONE_IN) == 0;
    FileSeries series = inSmall ? small : main;
    if (clean) {
      series.write(record, spelling.plain(record));
      return;
    }
    String json = spelling.dirty(record);
    series.write(record, json);
    if (Dirt.REPEATED.occurs(random)) {
      repeatLater(series, record, json);
    }
    if (small != null && Dirt.OVERLAPPING.occurs(random)) {
      repeatLater(inSmall ? main : small, record, json);
    }
  }

  /** Writes what still waits, and the files' ends. */
  void finish() throws IOException {
    while (!waiting.isEmpty()) {
      repeatOldest();
    }
    main.finish();
    if (small != null) {
      small.finish();
    }
  }

  @Override
  public void close() throws IOException {
    main.close();
    if (small != null) {
      small.close();
    }
  }

  private void repeatLater(FileSeries series, JsonRecord record, String json) throws IOException {
    waiting.add(new Repeat(series, record, random.nextBoolean() ? json : spelling.other(record)));
    if (waiting.size() > MAX_WAITING) {
      repeatOldest();
    }
  }

  private void repeatOldest() throws IOException {
    Repeat repeat = waiting.remove();
    repeat.series().write(repeat.record(), repeat.json());
    tally.repeat(kind);
  }
}
