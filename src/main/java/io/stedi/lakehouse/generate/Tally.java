package io.stedi.lakehouse.generate;

import io.stedi.lakehouse.records.RecordKind;
import java.util.EnumMap;
import java.util.Map;

/** Counts what is written and passes it on. */
final class Tally implements Ledger {

  private final Ledger ledger;
  private final Map<RecordKind, Long> records = zeros();
  private final Map<RecordKind, Long> repeats = zeros();
  private final Map<RecordKind, Long> rejects = zeros();
  private int files;
  private long bytes;

  Tally(Ledger ledger) {
    this.ledger = ledger;
  }

  @Override
  public void file(RecordKind kind, String path) {
    files++;
    ledger.file(kind, path);
  }

  @Override
  public void record(RecordKind kind, String path, long offset, long length, JsonRecord meant) {
    records.merge(kind, 1L, Long::sum);
    ledger.record(kind, path, offset, length, meant);
  }

  @Override
  public void reject(RecordKind kind, String path, long offset, long length) {
    rejects.merge(kind, 1L, Long::sum);
    ledger.reject(kind, path, offset, length);
  }

  /** One of the records was written before. */
  void repeat(RecordKind kind) {
    repeats.merge(kind, 1L, Long::sum);
  }

  /** A file is complete and takes this many bytes on the disk. */
  void written(long size) {
    bytes += size;
  }

  SampleSummary summary() {
    return new SampleSummary(records, repeats, rejects, files, bytes);
  }

  private static Map<RecordKind, Long> zeros() {
    Map<RecordKind, Long> zeros = new EnumMap<>(RecordKind.class);
    for (RecordKind kind : RecordKind.values()) {
      zeros.put(kind, 0L);
    }
    return zeros;
  }
}
