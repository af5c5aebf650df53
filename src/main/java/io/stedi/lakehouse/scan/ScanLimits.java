package io.stedi.lakehouse.scan;

import java.io.Serializable;

/**
 * Bounds of what is read and kept.
 *
 * @param windowBytes initial size of the buffer, in bytes; results do not depend on it
 * @param recordBytes the longest object that can be a record, in bytes
 * @param rejectBytes how many bytes of a reject are kept
 * @param minTime earliest time that is believed, in milliseconds since the epoch
 * @param maxTime the first time that is no longer believed, in milliseconds since the epoch
 */
public record ScanLimits(
    int windowBytes, int recordBytes, int rejectBytes, long minTime, long maxTime)
    implements Serializable {

  /** Keeps twice the longest record, which the buffer may grow to, within a Java array. */
  public static final int MAX_RECORD_BYTES = 512 << 20;

  public ScanLimits {
    if (windowBytes < 1) {
      throw new IllegalArgumentException("windowBytes must be positive: " + windowBytes);
    }
    if (recordBytes < 2 || recordBytes > MAX_RECORD_BYTES) {
      throw new IllegalArgumentException(
          "recordBytes must be within 2 and " + MAX_RECORD_BYTES + ": " + recordBytes);
    }
    if (rejectBytes < 0) {
      throw new IllegalArgumentException("rejectBytes must not be negative: " + rejectBytes);
    }
    if (minTime >= maxTime) {
      throw new IllegalArgumentException("minTime must be before maxTime");
    }
  }
}
