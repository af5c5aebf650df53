package io.stedi.lakehouse.raw;

import org.apache.flink.api.connector.source.SourceEvent;

/**
 * What a reader tells of the times that it reads.
 *
 * @param time a time that the rows have come to, in milliseconds since the epoch
 */
record TimeReport(long time) implements SourceEvent {

  private static final long serialVersionUID = 1L;
}
