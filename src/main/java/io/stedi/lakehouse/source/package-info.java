/**
 * The Flink connector {@code sensor-json}: finds raw files, hands them to readers and makes rows of
 * what {@link io.stedi.lakehouse.scan} finds in them. The format of the same name writes the clean
 * form of what it reads.
 */
package io.stedi.lakehouse.source;
