/** What {@code --input} means: where raw files lie, which kind of record each holds, zip files. */
package io.stedi.lakehouse.input;
