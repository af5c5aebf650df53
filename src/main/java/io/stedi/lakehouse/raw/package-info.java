/**
 * Reads raw JSON files however dirty: the Flink format {@code sensor-json}. Every byte of a file
 * ends up in exactly one record, one reject or a separator between them, and no good record is lost
 * to a bad neighbour.
 *
 * <p>{@link io.stedi.lakehouse.raw.RawScanner} cuts bytes into fragments and knows nothing of
 * Flink; the classes named after the format bind it to the file system connector. What the format
 * writes is the clean form of what it reads.
 */
package io.stedi.lakehouse.raw;
