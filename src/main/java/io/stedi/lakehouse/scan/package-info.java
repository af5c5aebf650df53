/**
 * Cuts the bytes of a raw JSON file, however dirty, into records, rejects and separators. Every
 * byte ends up in exactly one of them, and no good record is lost to a bad neighbour. Plain Java,
 * without Flink.
 */
package io.stedi.lakehouse.scan;
