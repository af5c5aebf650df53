package io.stedi.lakehouse.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.data.StringData;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;

class RowHashTest {

  private final RowHash hash = new RowHash();

  @Test
  void rowsThatDifferInAnyPlaceHaveOtherHashes() {
    List<Object[]> rows =
        List.of(
            row("a", 1L, true),
            row("b", 1L, true),
            row("a", 2L, true),
            row("a", 1L, false),
            row("a", 1L, null),
            row(null, 1L, true),
            row("a", null, true),
            row(1L, "a", true),
            row("a", 1L),
            row("", 1L, true),
            row("\0", 1L, true),
            row("a12345678", 1L, true),
            row("a123456789", 1L, true),
            row("b12345678", 1L, true),
            row("a12345679", 1L, true),
            row(0.5, 1L, true),
            row(-0.5, 1L, true));
    Set<Long> hashes = new HashSet<>();
    rows.forEach(row -> hashes.add(hash.eval(row)));
    assertThat(hashes).hasSameSizeAs(rows);
  }

  @Test
  void aMillionRowsThatAreAlikeHaveAMillionHashes() {
    Set<Long> hashes = new HashSet<>();
    for (long i = 0; i < 1_000_000; i++) {
      hashes.add(hash.eval(row("account%d@example.com".formatted(i % 1000), i / 1000)));
    }
    assertThat(hashes).hasSize(1_000_000);
  }

  private static Object[] row(Object... values) {
    Object[] row = values.clone();
    for (int i = 0; i < row.length; i++) {
      row[i] = row[i] instanceof String text ? StringData.fromString(text) : row[i];
    }
    return row;
  }

  @Test
  void everyTypeOfTheTablesIsTakenAndANullIsAValue() throws Exception {
    List<Row> rows =
        query(
            """
            SELECT row_hash(t, moment, number, big, x, truth), row_hash(t, moment, number, big, x, truth), row_hash(t, moment, number, big, x, maybe)
            FROM (
              SELECT
                'text' AS t,
                CAST(TIMESTAMP '2022-07-01 00:00:00.123456' AS TIMESTAMP_LTZ(6)) AS moment,
                1 AS number,
                CAST(2 AS BIGINT) AS big,
                CAST(0.5 AS DOUBLE) AS x,
                TRUE AS truth,
                CAST(NULL AS BOOLEAN) AS maybe
            )""");
    Row hashes = rows.get(0);
    assertThat(hashes.getField(0)).isEqualTo(hashes.getField(1)).isNotEqualTo(hashes.getField(2));
  }

  @Test
  void anotherTypeIsRefused() {
    assertThatThrownBy(() -> query("SELECT row_hash(ARRAY[1])"))
        .hasStackTraceContaining("row_hash does not take ARRAY");
  }

  private static List<Row> query(String sql) throws Exception {
    TableEnvironment environment = TableEnvironment.create(EnvironmentSettings.inBatchMode());
    environment.createTemporarySystemFunction("row_hash", RowHash.class);
    try (CloseableIterator<Row> rows = environment.executeSql(sql).collect()) {
      List<Row> all = new ArrayList<>();
      rows.forEachRemaining(all::add);
      return all;
    }
  }
}
