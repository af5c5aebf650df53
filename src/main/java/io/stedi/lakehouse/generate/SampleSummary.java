package io.stedi.lakehouse.generate;

import io.stedi.lakehouse.input.RecordKind;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What was made.
 *
 * @param records valid records by kind, repeats included
 * @param rejects fragments that are no valid record, by kind
 * @param files files written
 * @param bytes bytes written, after compression
 */
public record SampleSummary(
    Map<RecordKind, Long> records, Map<RecordKind, Long> rejects, int files, long bytes) {

  /** The summary in one line, for a reader. */
  public String describe() {
    return "%s; %,d damaged fragments; %,d files, %,d bytes"
        .formatted(
            records.entrySet().stream()
                .map(kind -> "%,d %s".formatted(kind.getValue(), kind.getKey().tableName()))
                .collect(Collectors.joining(", ")),
            rejects.values().stream().mapToLong(Long::longValue).sum(),
            files,
            bytes);
  }
}
