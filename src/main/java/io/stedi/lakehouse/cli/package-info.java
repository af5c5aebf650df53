/** The commands of {@code ./stedi}: arguments in, text and exit codes out. */
package io.stedi.lakehouse.cli;
