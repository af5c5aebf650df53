package io.stedi.lakehouse.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;

class AscendingRunTest {

  @Test
  void aRunEndsWhereTheTextChangesOrTheNumberDoesNotGrow() throws Exception {
    assertThat(
            runs(
                1,
                """
                VALUES ('a', -5), ('a', 0), ('a', 7), ('b', 8), ('b', 9), ('b', 9), ('a', 10), ('a', 3), ('a', 4)"""))
        .containsExactly(
            List.of("a-5", "a0", "a7"),
            List.of("b8", "b9"),
            List.of("b9"),
            List.of("a10"),
            List.of("a3", "a4"));
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
        .hasSize(1000);
  }

  /** The rows of each run, in the order of the runs' numbers. */
  private static List<List<String>> runs(int tasks, String rows) throws Exception {
    TableEnvironment environment = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
    environment.getConfig().set("table.exec.resource.default-parallelism", String.valueOf(tasks));
    environment.createTemporarySystemFunction("ascending_run", AscendingRun.class);
    Map<Long, List<String>> runs = new TreeMap<>();
    String sql = "SELECT t, n, ascending_run(t, n) FROM (%s) AS r (t, n)".formatted(rows);
    try (CloseableIterator<Row> all = environment.executeSql(sql).collect()) {
      all.forEachRemaining(
          row ->
              runs.computeIfAbsent(row.getFieldAs(2), run -> new ArrayList<>())
                  .add("" + row.getField(0) + row.getField(1)));
    }
    return List.copyOf(runs.values());
  }
}
