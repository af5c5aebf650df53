/** The lake: its Iceberg catalog, how its tables are published and what is in them. */
package io.stedi.lakehouse.lake;
