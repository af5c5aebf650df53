package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.lake.TableContent;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.LakeRows;
import io.stedi.lakehouse.testing.SharedLake;
import io.stedi.lakehouse.testing.StarterData;
import io.stedi.lakehouse.testing.TestLake;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The published counts, on the real data. */
class StarterDataTest {

  @TempDir private Path folder;

  @Test
  void batchAndStreamingGiveThePublishedCountsAndTheSameRows() throws Exception {
    TestLake batch = SharedLake.starter().lake();
    assertThat(SharedLake.starter().counts()).isEqualTo(StarterData.PUBLISHED);
    assertThat(TableContent.countBy(batch.table("machine_learning_curated"), "device_matched"))
        .isEqualTo(Map.of("true", 40_981L, "false", 2_700L));
    try (TestLake streaming =
        TestLake.in(
            folder.resolve("streaming"), Map.of("streaming.checkpoint-interval", "500ms"))) {
      streaming.run(RunMode.STREAMING, SharedLake.starter().raw());
      assertThat(streaming.counts()).isEqualTo(StarterData.PUBLISHED);
      for (String table : StarterData.PUBLISHED.keySet()) {
        assertThat(new LakeRows(streaming).all(table).equals(new LakeRows(batch).all(table)))
            .as("%s has the same rows", table)
            .isTrue();
      }
    }
  }

  /** Settings that change the tables' meaning, one after the other on one lake. */
  @Test
  void eachBatchRunReplacesWhatTheOneBeforeMade() throws Exception {
    Path raw = SharedLake.starter().raw();
    Path place = folder.resolve("lake");
    try (TestLake fromDate = TestLake.in(place, Map.of("consent.from-date", "true"))) {
      fromDate.run(RunMode.BATCH, raw);
      assertThat(fromDate.counts())
          .containsEntry("customer_trusted", 482L)
          .containsEntry("accelerometer_trusted", 32_025L)
          .containsEntry("customer_curated", 464L)
          .containsEntry("step_trainer_trusted", 13_920L)
          .containsEntry("machine_learning_curated", 34_437L);
    }
    try (TestLake lake = TestLake.in(place)) {
      assertThat(lake.run(RunMode.BATCH, raw).tables())
          .as("what the run reports")
          .allSatisfy(
              table ->
                  assertThat(table.rows()).isEqualTo(StarterData.PUBLISHED.get(table.table())));
      assertThat(lake.counts()).isEqualTo(StarterData.PUBLISHED);
    }
    try (TestLake byDevice = TestLake.in(place, Map.of("machine-learning.match", "device"))) {
      byDevice.run(RunMode.BATCH, raw, "machine_learning_curated");
      assertThat(byDevice.counts())
          .as("one table, made of the others")
          .containsEntry("accelerometer_trusted", 40_981L)
          .containsEntry("machine_learning_curated", 40_981L);
    }
  }

  @Test
  void aStreamHeedsBothSettings() throws Exception {
    try (TestLake lake =
        TestLake.in(
            folder.resolve("lake"),
            Map.of("consent.from-date", "true", "machine-learning.match", "device"))) {
      lake.run(RunMode.STREAMING, SharedLake.starter().raw());
      assertThat(lake.counts())
          .containsEntry("customer_trusted", 482L)
          .containsEntry("accelerometer_trusted", 32_025L)
          .containsEntry("customer_curated", 464L)
          .containsEntry("step_trainer_trusted", 13_920L)
          .containsEntry("machine_learning_curated", 32_025L);
    }
  }
}
