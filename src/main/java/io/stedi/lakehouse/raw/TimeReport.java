package io.stedi.lakehouse.raw;

import org.apache.flink.api.connector.source.SourceEvent;

/**
 * What a reader tells of the times that it reads.
 *
 * @param times an odd number of times, in milliseconds since the epoch and in order, each of which
 *     stands for as many rows
 */
record TimeReport(long... times) implements SourceEvent {

  private static final long serialVersionUID = 1L;

  /** A time that the rows have come to, in milliseconds since the epoch. */
  long median() {
    return times[times.length / 2];
  }
}
