/** Submits the program as one Flink job, publishes its result, stops it and resumes it. */
package io.stedi.lakehouse.pipeline;
