package io.stedi.lakehouse.raw;

import java.io.Serializable;
import java.time.Duration;

/**
 * Where rows tell when they were taken, and how late they may come.
 *
 * @param column the position of that time in a produced row
 * @param lateColumn the position of the mark of a row that came later than that; -1 for none
 * @param bound how much older than what was read before it a row may be
 */
record EventTime(int column, int lateColumn, Duration bound) implements Serializable {}
