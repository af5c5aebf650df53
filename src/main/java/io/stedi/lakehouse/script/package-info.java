/** Prints a run as a script for Flink's SQL client, and gives that client what the script calls. */
package io.stedi.lakehouse.script;
