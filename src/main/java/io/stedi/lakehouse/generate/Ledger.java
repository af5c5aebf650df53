package io.stedi.lakehouse.generate;

import io.stedi.lakehouse.records.RecordKind;

/**
 * Is told everything that is written, in the order of each file: what a reader of the files has to
 * find, no more and no less. Several files may be under way at once.
 *
 * <p>Paths are relative to the generated folder, with slashes. Offsets and lengths are bytes of the
 * decompressed file, without the separators around a fragment.
 */
public interface Ledger {

  /** Keeps nothing. */
  Ledger NONE = new Ledger() {};

  /** A file of this kind is begun; it may stay empty. */
  default void file(RecordKind kind, String path) {}

  /** A valid record, however spelled, that means these values. */
  default void record(RecordKind kind, String path, long offset, long length, JsonRecord meant) {}

  /** Bytes that are not a valid record. */
  default void reject(RecordKind kind, String path, long offset, long length) {}
}
