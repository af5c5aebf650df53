/** Folders of raw files that are complete or absent. */
package io.stedi.lakehouse.output;
