package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.generate.SampleData;
import io.stedi.lakehouse.generate.SampleOptions;
import io.stedi.lakehouse.generate.SampleSummary;
import io.stedi.lakehouse.lake.TableContent;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.records.RecordKind;
import io.stedi.lakehouse.testing.TestLake;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bounded streaming of thirty times the starter data's records with short checkpoints, so that
 * writers end at different times around a checkpoint. Iceberg's first Flink sink lost a whole data
 * file here.
 */
class StreamingLossTest {

  private static final int COPIES = 30;

  @TempDir private Path folder;

  @Test
  void everyRecordLands() throws Exception {
    Path once = folder.resolve("once");
    SampleSummary summary = SampleData.write(new SampleOptions(1_000, 3, true), once);
    Path input = folder.resolve("input");
    for (int copy = 0; copy < COPIES; copy++) {
      link(once, input.resolve("copy-" + copy));
    }
    try (TestLake lake =
        TestLake.in(
            folder.resolve("lake"),
            Map.of("streaming.checkpoint-interval", "300ms", "parallelism", "2"))) {
      lake.run(
          RunMode.STREAMING,
          input,
          "customer_landing",
          "accelerometer_landing",
          "step_trainer_landing");
      assertThat(lake.table("accelerometer_landing").snapshots())
          .as("commits during the run, or the test shows nothing")
          .hasSizeGreaterThan(3);
      for (RecordKind kind : RecordKind.values()) {
        String table = kind.tableName() + "_landing";
        assertThat(TableContent.of(lake.table(table)).rows())
            .as(table)
            .isEqualTo(summary.records().get(kind) * COPIES);
      }
    }
  }

  private static void link(Path from, Path to) throws Exception {
    try (var tree = Files.walk(from)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.createLink(target, file);
      }
    }
  }
}
