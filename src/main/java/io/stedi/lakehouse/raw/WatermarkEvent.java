package io.stedi.lakehouse.raw;

import org.apache.flink.api.connector.source.SourceEvent;

/**
 * What all readers of a source are told of its watermark.
 *
 * @param watermark what to emit, in milliseconds since the epoch, or {@link WatermarkRounds#NONE}
 * @param passed how far it has come, also before a stop, in milliseconds since the epoch, or {@link
 *     WatermarkRounds#NONE}; a row of a time that it has passed is late
 */
record WatermarkEvent(long watermark, long passed) implements SourceEvent {

  private static final long serialVersionUID = 1L;
}
