package io.stedi.lakehouse.check;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a check of a lake found.
 *
 * @param written whether a run was writing to the lake meanwhile
 * @param meaning the settings by which the tables were computed again
 */
public record CheckReport(List<Result> results, boolean written, Map<String, String> meaning) {

  /**
   * Something that is wrong with a table.
   *
   * @param rows how many rows it concerns
   * @param first where some of them are, without personal data
   */
  public record Finding(String table, String what, long rows, List<String> first) {

    Finding(String table, String what, String where) {
      this(table, what, 1, List.of(where));
    }
  }

  /**
   * The answer to one question.
   *
   * @param check the question's name
   * @param asked whether it was asked: some cannot be where another found something
   */
  public record Result(String check, boolean asked, List<Finding> findings, Duration took) {

    /** How many rows are wrong. */
    public long rows() {
      return findings.stream().mapToLong(Finding::rows).sum();
    }
  }

  /** Whether nothing is wrong, as far as was asked. */
  public boolean isClean() {
    return results.stream().allMatch(result -> result.rows() == 0);
  }
}
