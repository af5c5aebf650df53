/**
 * The SQL files and the order in which a run executes them. Runs nothing, and reads nothing but the
 * program.
 */
package io.stedi.lakehouse.program;
