package io.stedi.lakehouse.raw;

import org.apache.flink.api.connector.source.SourceEvent;

/**
 * What all readers of a source are told to emit.
 *
 * @param watermark in milliseconds since the epoch
 */
record WatermarkEvent(long watermark) implements SourceEvent {

  private static final long serialVersionUID = 1L;
}
