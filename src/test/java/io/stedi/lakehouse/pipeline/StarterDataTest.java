package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.files.RawInput;
import io.stedi.lakehouse.lake.TableContent;
import io.stedi.lakehouse.records.FileKinds;
import io.stedi.lakehouse.testing.StarterData;
import io.stedi.lakehouse.testing.TestLake;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The published counts, on the real data. */
class StarterDataTest {

  @TempDir private Path folder;

  @Test
  void batchAndStreamingGiveThePublishedCountsAndTheSameRows() throws Exception {
    try (RawInput input =
            RawInput.open(
                StarterData.zip().toString(), FileKinds.BY_MENTION, folder.resolve("staging"));
        TestLake batch = TestLake.in(folder.resolve("batch"));
        TestLake streaming =
            TestLake.in(
                folder.resolve("streaming"), Map.of("streaming.checkpoint-interval", "500ms"))) {
      Path root = Path.of(input.root());
      assertThat(batch.run(RunMode.BATCH, root).tables())
          .as("what the run reports")
          .allSatisfy(
              table ->
                  assertThat(table.rows()).isEqualTo(StarterData.PUBLISHED.get(table.table())));
      streaming.run(RunMode.STREAMING, root);
      assertThat(batch.counts()).isEqualTo(StarterData.PUBLISHED);
      assertThat(streaming.counts()).isEqualTo(StarterData.PUBLISHED);
      assertThat(TableContent.countBy(batch.table("machine_learning_curated"), "device_matched"))
          .isEqualTo(Map.of("true", 40_981L, "false", 2_700L));

      TableEnvironment both =
          TableEnvironment.create(EnvironmentSettings.newInstance().inBatchMode().build());
      batch.lake().register("batch", both);
      streaming.lake().register("streaming", both);
      for (String table : StarterData.PUBLISHED.keySet()) {
        assertThat(except(both, "batch", "streaming", table)).as(table).isZero();
        assertThat(except(both, "streaming", "batch", table)).as(table).isZero();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(RunMode.class)
  void consentFromDateAdmitsOnlyReadingsSinceTheConsent(RunMode mode) throws Exception {
    assertThat(counts(mode, Map.of("consent.from-date", "true")))
        .containsEntry("customer_trusted", 482L)
        .containsEntry("accelerometer_trusted", 32_025L)
        .containsEntry("customer_curated", 464L)
        .containsEntry("step_trainer_trusted", 13_920L)
        .containsEntry("machine_learning_curated", 34_437L);
  }

  @Test
  void matchingDevicesKeepsOnlyPairsOfOneCustomer() throws Exception {
    assertThat(counts(RunMode.BATCH, Map.of("machine-learning.match", "device")))
        .containsEntry("machine_learning_curated", 40_981L);
  }

  @Test
  void aSecondBatchRunLeavesEveryCountAsItWas() throws Exception {
    try (RawInput input =
            RawInput.open(
                StarterData.zip().toString(), FileKinds.BY_MENTION, folder.resolve("staging"));
        TestLake lake = TestLake.in(folder.resolve("lake"))) {
      lake.run(RunMode.BATCH, Path.of(input.root()));
      lake.run(RunMode.BATCH, Path.of(input.root()));
      assertThat(lake.counts()).isEqualTo(StarterData.PUBLISHED);
      lake.run(RunMode.BATCH, Path.of(input.root()), "machine_learning_curated");
      assertThat(lake.counts())
          .as("after running one table from the others")
          .isEqualTo(StarterData.PUBLISHED);
    }
  }

  private Map<String, Long> counts(RunMode mode, Map<String, String> settings) throws Exception {
    try (RawInput input =
            RawInput.open(
                StarterData.zip().toString(), FileKinds.BY_MENTION, folder.resolve("staging"));
        TestLake lake = TestLake.in(folder.resolve("lake"), settings)) {
      lake.run(mode, Path.of(input.root()));
      return lake.counts();
    }
  }

  private static long except(TableEnvironment environment, String left, String right, String table)
      throws Exception {
    String query =
        "SELECT COUNT(*) FROM (SELECT * FROM `%s`.stedi.`%s` EXCEPT ALL SELECT * FROM `%s`.stedi.`%s`)"
            .formatted(left, table, right, table);
    try (CloseableIterator<Row> rows = environment.executeSql(query).collect()) {
      return rows.next().getFieldAs(0);
    }
  }
}
