package io.stedi.lakehouse.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;

class AscendingRunsTest {

  @Test
  void aRunEndsWhereTheTextChangesOrTheNumberDoesNotGrow() throws Exception {
    assertThat(
            runs(
                1,
                """
                VALUES ('a', -5), ('a', 0), ('a', 7), ('b', 8), ('b', 9), ('b', 9), ('a', 10), ('a', 3), ('a', 4)"""))
        .containsExactly("a -5 to 7", "b 8 to 9", "b 9 to 9", "a 10 to 10", "a 3 to 4");
  }

  @Test
  void noRowsHaveNoRun() throws Exception {
    assertThat(runs(1, "SELECT 'a', n FROM (VALUES (1), (2)) AS v (n) WHERE n > RAND() + 2"))
        .isEmpty();
  }

  @Test
  void tasksHaveRunsOfTheirOwn() throws Exception {
    String rows =
        IntStream.range(0, 2000)
            .mapToObj(i -> "(%d)".formatted(i / 2))
            .collect(Collectors.joining(", "));
    // Of one number each row begins a run, in whichever task it is. Rows that are known to differ
    // would not be grouped, and so not spread.
    assertThat(runs(2, "SELECT 'a', 7 FROM (VALUES %s) AS v (n) GROUP BY n".formatted(rows)))
        .hasSize(1000)
        .containsOnly("a 7 to 7");
  }

  /** The runs, in the order in which they end. */
  private static List<String> runs(int tasks, String rows) throws Exception {
    TableEnvironment environment = TableEnvironment.create(EnvironmentSettings.inBatchMode());
    environment.getConfig().set("table.exec.resource.default-parallelism", String.valueOf(tasks));
    environment.createTemporarySystemFunction("ascending_runs", AscendingRuns.class);
    List<String> runs = new ArrayList<>();
    String sql =
        """
        SELECT text, first_number, last_number
        FROM (%s) AS r (t, n)
        CROSS JOIN LATERAL TABLE(ascending_runs(t, n))"""
            .formatted(rows);
    try (CloseableIterator<Row> all = environment.executeSql(sql).collect()) {
      all.forEachRemaining(
          row ->
              runs.add("%s %s to %s".formatted(row.getField(0), row.getField(1), row.getField(2))));
    }
    return runs;
  }
}
