package io.stedi.lakehouse.generate;

import io.stedi.lakehouse.records.RecordKind;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What was made.
 *
 * @param records valid records by kind, repeats included
 * @param repeats records that had been written before, by kind
 * @param rejects fragments that are no valid record, by kind
 * @param files raw files written
 * @param bytes bytes of these files, after compression
 */
public record SampleSummary(
    Map<RecordKind, Long> records,
    Map<RecordKind, Long> repeats,
    Map<RecordKind, Long> rejects,
    int files,
    long bytes) {

  /** The summary in one line, for a reader. */
  public String describe() {
    return "%s records, %,d of them repeats; %,d rejects; %,d files, %,d bytes"
        .formatted(
            records.entrySet().stream()
                .map(kind -> "%,d %s".formatted(kind.getValue(), kind.getKey().tableName()))
                .collect(Collectors.joining(", ")),
            sum(repeats),
            sum(rejects),
            files,
            bytes);
  }

  private static long sum(Map<RecordKind, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
