package io.stedi.lakehouse.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.lake.RunReport.Outcome;
import io.stedi.lakehouse.lake.RunReport.Part;
import io.stedi.lakehouse.maintain.Maintenance;
import io.stedi.lakehouse.maintain.MaintenanceOptions;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.SharedLake;
import io.stedi.lakehouse.testing.TestLake;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReportTest {

  @TempDir private Path folder;

  @Test
  void aBatchRunTellsTheRowsOfEachTableAndItsRejects() throws Exception {
    SharedLake shared = SharedLake.sample();
    List<Record> rows = RunReport.read(shared.lake().lake());
    Map<String, Long> counts = new TreeMap<>(shared.counts());
    counts.keySet().removeIf(table -> table.endsWith("_cleaned_landing"));
    assertThat(counts(rows)).isEqualTo(counts);
    assertThat(rows)
        .allSatisfy(
            row -> {
              assertThat(row.getField("command")).isEqualTo("run");
              assertThat(row.getField("mode")).isEqualTo("batch");
              assertThat(row.getField("outcome")).isEqualTo("done");
              assertThat(row.getField("version")).isEqualTo(Version.NUMBER);
              assertThat((String) row.getField("settings"))
                  .contains("machine-learning.match = time");
              assertThat((OffsetDateTime) row.getField("began"))
                  .isBefore((OffsetDateTime) row.getField("ended"));
            });
    assertThat(rows)
        .filteredOn(row -> "rejected_landing".equals(row.getField("table_name")))
        .singleElement()
        .satisfies(row -> assertThat((String) row.getField("rejects")).contains("malformed = "));
  }

  @Test
  void aStreamTellsWhatItHasCommitted() throws Exception {
    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      lake.run(RunMode.STREAMING, SharedLake.sample().raw());
      Map<String, Long> counts = counts(RunReport.read(lake.lake()));
      assertThat(RunReport.read(lake.lake()))
          .allSatisfy(row -> assertThat(row.getField("outcome")).isEqualTo("ended"));
      for (String table : List.of("customer_landing", "accelerometer_landing")) {
        assertThat(counts).containsEntry(table, SharedLake.sample().counts().get(table));
      }
      assertThat(counts.get("customer_trusted"))
          .as("versions that others replaced, too")
          .isGreaterThanOrEqualTo(SharedLake.sample().counts().get("customer_trusted"));
    }
  }

  @Test
  void whatIsOlderThan400DaysGoesAndTheTableIsMaintained() throws Exception {
    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      RunReport report = new RunReport("a-run", "run", "batch", Map.of(), now);
      for (int days : new int[] {500, 450, 300, 0, 0, 0}) {
        report.add(
            lake.lake(),
            Outcome.DONE,
            List.of(Part.of("customer_landing", days + " days ago")),
            now.minus(Duration.ofDays(days)));
      }
      assertThat(RunReport.read(lake.lake()))
          .extracting(row -> row.getField("detail"))
          .containsExactlyInAnyOrder("300 days ago", "0 days ago", "0 days ago", "0 days ago");
      new Maintenance(
              lake.lake(), new MaintenanceOptions(128L << 20, 2, 1, 1_000_000, 1, Duration.ZERO))
          .run(Maintenance.ownTables(), done -> assertThat(done.failure()).isNull());
      Table table = lake.table(RunReport.NAME);
      assertThat(table.snapshots()).hasSizeLessThanOrEqualTo(3);
      assertThat(RunReport.read(lake.lake()))
          .extracting(row -> row.getField("command"))
          .containsExactlyInAnyOrder("run", "run", "run", "run", "maintain");
    }
  }

  private static Map<String, Long> counts(List<Record> rows) {
    Map<String, Long> counts = new TreeMap<>();
    for (Record row : rows) {
      counts.merge(
          (String) row.getField("table_name"), (Long) row.getField("rows_written"), Long::sum);
    }
    return counts;
  }
}
