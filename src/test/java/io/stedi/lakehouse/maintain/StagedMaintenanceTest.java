package io.stedi.lakehouse.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.generate.SampleData;
import io.stedi.lakehouse.generate.SampleOptions;
import io.stedi.lakehouse.lake.Lease;
import io.stedi.lakehouse.lake.StagedWrite;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.ForeignFile;
import io.stedi.lakehouse.testing.TestLake;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagedMaintenanceTest {

  private static final String TABLE = "accelerometer_landing";

  private static final MaintenanceOptions ALL =
      new MaintenanceOptions(128L << 20, 2, 1, 1_000_000, 1, Duration.ZERO);

  @TempDir private Path folder;

  /** It still finds the content that it replaces, and what it has written. */
  @Test
  void aRunThatIsStagedMeanwhileIsPublished() throws Exception {
    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      SampleData.write(new SampleOptions(1, 1, true), folder.resolve("in"));
      lake.run(RunMode.BATCH, folder.resolve("in"));
      lake.run(RunMode.BATCH, folder.resolve("in"));
      Map<String, Long> former = lake.counts();
      Table table = lake.table(TABLE);
      table.newAppend().appendFile(ForeignFile.write(table, lake.records(TABLE))).commit();
      try (Lease lease = Lease.take(lake.lake(), "staged-meanwhile")) {
        StagedWrite staged =
            StagedWrite.begin(lake.lake(), List.copyOf(former.keySet()), "run", lease);
        table.refresh();
        table
            .newAppend()
            .appendFile(ForeignFile.write(table, lake.records(TABLE).subList(0, 3)))
            .toBranch(staged.branch())
            .commit();
        assertThat(
                new Maintenance(lake.lake(), ALL).run(List.copyOf(former.keySet()), result -> {}))
            .allSatisfy(result -> assertThat(result.failure()).as(result.table()).isNull())
            .filteredOn(result -> result.table().equals(TABLE))
            .singleElement()
            .satisfies(result -> assertThat(result.after().dataFiles()).isEqualTo(1));
        staged.publish();
      }
      assertThat(lake.records(TABLE)).hasSize(3);
      assertThat(lake.records("customer_trusted")).isEmpty();
    }
  }
}
