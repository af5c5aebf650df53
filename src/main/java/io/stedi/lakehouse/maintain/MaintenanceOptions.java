package io.stedi.lakehouse.maintain;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * When tables are rewritten, and what of their history is kept.
 *
 * @param targetFileBytes how large files become
 * @param minInputFiles how many small files there have to be for them to be merged
 * @param deleteFileThreshold how many delete files have to apply to a file for it to be rewritten
 * @param maxDeleteRows how many deleted keys are held on the heap at most, 100 to 200 bytes each
 * @param keepCommits how many commits of a stream, or runs, are kept at least
 * @param keepTime for how long snapshots are kept at least
 */
public record MaintenanceOptions(
    long targetFileBytes,
    int minInputFiles,
    int deleteFileThreshold,
    long maxDeleteRows,
    int keepCommits,
    Duration keepTime) {

  public MaintenanceOptions {
    requireNonNull(keepTime, "keepTime");
  }
}
