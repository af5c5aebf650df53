package io.stedi.lakehouse.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.check.LakeCheck;
import io.stedi.lakehouse.program.SqlProgram;
import io.stedi.lakehouse.query.LakeQuery;
import io.stedi.lakehouse.testing.LakeRows;
import io.stedi.lakehouse.testing.SharedLake;
import io.stedi.lakehouse.testing.TestLake;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReportPageTest {

  private static final int MOST_BYTES = 2_000_000;

  private static TestLake lake;
  private static String page;

  @BeforeAll
  static void write() throws Exception {
    lake = SharedLake.sample().lake();
    page =
        ReportPage.of(
            lake.settings(), lake.lake(), new LakeCheck(lake.settings(), lake.lake()).run(null));
  }

  @Test
  void everyNumberIsThatOfAQuery() throws Exception {
    SharedLake.sample()
        .counts()
        .forEach(
            (table, rows) -> {
              if (!table.endsWith("_cleaned_landing")) {
                assertThat(page).as(table).contains(">%s rows<".formatted(grouped(rows)));
              }
            });
    try (LakeQuery queries = LakeQuery.onOneCluster(lake.settings(), lake.lake())) {
      SqlProgram.load()
          .reports()
          .forEach(
              (name, query) -> {
                List<Row> rows = queries.measured(query.text()).rows();
                String section = section(LakeReport.words(name));
                for (Row row : rows) {
                  for (int i = 0; i < row.getArity(); i++) {
                    assertThat(section)
                        .as(name)
                        .contains(">" + Html.escaped(String.valueOf(row.getField(i))) + "</td>");
                  }
                }
                assertThat(section.split("<tr>", -1))
                    .as(name)
                    .hasSize(rows.isEmpty() ? 1 : rows.size() + 2);
              });
    }
  }

  /** The table of an answer; its caption where there is none. */
  private static String section(String title) {
    int begin = page.indexOf("<caption>" + title + "</caption>");
    return begin < 0 ? title : page.substring(begin, page.indexOf("</table>", begin));
  }

  @Test
  void itNamesNobody() throws Exception {
    Set<String> personal = new TreeSet<>();
    for (String column : List.of("customername", "email", "phone", "serialnumber")) {
      personal.addAll(new LakeRows(lake).rows("customer_landing", column));
    }
    personal.remove("null");
    assertThat(personal).hasSizeGreaterThan(100);
    String folded = page.toLowerCase(Locale.ROOT);
    assertThat(personal)
        .noneSatisfy(text -> assertThat(folded).contains(text.strip().toLowerCase(Locale.ROOT)));
  }

  @Test
  void itNeedsNothingElseAndSaysWhatTheCheckFound() {
    assertThat(page)
        .doesNotContain("http:", "https:", "<script", "<link", "@import", "url(")
        .contains("prefers-color-scheme", "What was looked for", "same_rows", "Findings: none")
        .contains("run", "done", "0.1.0");
    assertThat(page.getBytes(StandardCharsets.UTF_8).length).isLessThan(MOST_BYTES);
    assertThat(page.split("<svg ", -1).length - 1)
        .as("a chart for each query, and the flow")
        .isEqualTo(
            1
                + SqlProgram.load().reports().values().stream()
                    .filter(query -> query.folder().equals(SqlProgram.CHARTS))
                    .count());
  }

  @Test
  void theFlowIsThatOfTheJobs() {
    assertThat(SqlProgram.load().flow())
        .containsEntry("customer_landing", Set.of("customer_raw"))
        .hasEntrySatisfying(
            "machine_learning_curated",
            from ->
                assertThat(from)
                    .contains("accelerometer_landing", "step_trainer_landing", "customer_landing"))
        .hasEntrySatisfying(
            "customer_curated",
            from ->
                assertThat(from)
                    .containsExactlyInAnyOrder("customer_trusted", "accelerometer_trusted"));
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
