/**
 * Compares a lake with what its landing tables, and the raw files, say it should hold. Writes
 * nothing.
 */
package io.stedi.lakehouse.check;
