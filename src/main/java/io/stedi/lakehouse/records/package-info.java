/** The kinds of raw records, and how a file's kind is told. */
package io.stedi.lakehouse.records;
