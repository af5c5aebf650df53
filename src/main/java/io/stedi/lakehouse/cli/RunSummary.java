package io.stedi.lakehouse.cli;

import io.stedi.lakehouse.lake.LakeSummary;
import io.stedi.lakehouse.program.RunMode;
import java.time.Duration;
import java.util.List;
import org.apache.flink.types.Row;

/**
 * What {@code stedi run} and {@code stedi prepare} report.
 *
 * @param ignored files of the input that hold no kind of record, relative to it
 * @param took from the start of the command to the last commit
 * @param answers the results of the published queries, if they were asked
 * @param inputBytes the size of the raw files
 * @param reducedBytes the size of the reduced raw files; 0 if none were written
 */
record RunSummary(
    RunMode mode,
    LakeSummary lake,
    List<String> ignored,
    Duration took,
    List<Answer> answers,
    long inputBytes,
    long reducedBytes) {

  /**
   * The result of a published query.
   *
   * @param bytes the size of the tables that it reads
   */
  record Answer(String query, List<String> columns, List<Row> rows, Duration took, long bytes) {

    /** The rows in one line: {@code a=1 b=2; a=3 b=4}. */
    String line() {
      StringBuilder line = new StringBuilder();
      for (Row row : rows) {
        line.append(line.isEmpty() ? "" : "; ");
        for (int i = 0; i < columns.size(); i++) {
          line.append(i == 0 ? "" : " ").append(columns.get(i)).append('=').append(row.getField(i));
        }
      }
      return line.toString();
    }
  }
}
