/**
 * Reads raw JSON files however dirty: the Flink connector {@code sensor-json}. Every byte of a file
 * ends up in exactly one record, one reject or a separator between them, and no good record is lost
 * to a bad neighbour.
 *
 * <p>{@link io.stedi.lakehouse.raw.RawScanner} cuts bytes into fragments and knows nothing of
 * Flink; the classes named after the connector bind it to Flink's source of files. What the format
 * of the same name writes is the clean form of what it reads.
 */
package io.stedi.lakehouse.raw;
