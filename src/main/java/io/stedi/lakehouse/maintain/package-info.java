/**
 * Keeps tables healthy while they are written: merges small files, applies deletes, expires
 * snapshots and deletes files that nothing refers to. Iceberg's core does it all, without Flink.
 */
package io.stedi.lakehouse.maintain;
