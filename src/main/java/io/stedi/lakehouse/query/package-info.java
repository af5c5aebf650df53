/** Runs queries on the tables of a lake, on a Flink cluster in this process. */
package io.stedi.lakehouse.query;
