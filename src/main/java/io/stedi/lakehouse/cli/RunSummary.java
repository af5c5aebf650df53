package io.stedi.lakehouse.cli;

import io.stedi.lakehouse.pipeline.RunMode;
import io.stedi.lakehouse.pipeline.RunResult;
import java.time.Duration;
import java.util.List;

/**
 * What {@code stedi run} reports.
 *
 * @param ignored files of the input that hold no kind of record, relative to it
 * @param took from the start of the command to the last commit
 */
record RunSummary(RunMode mode, RunResult result, List<String> ignored, Duration took) {}
