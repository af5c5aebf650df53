package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.SharedLake;
import io.stedi.lakehouse.testing.TestLake;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run of some tables reads and does not fill comes from the lake. */
class PartialRunTest {

  @TempDir private Path folder;

  @Test
  void aTableIsMadeOfTheOthersAsTheyAreInTheLake() throws Exception {
    Path raw = SharedLake.sample().raw();
    Path nothing = Files.createDirectories(folder.resolve("nothing"));
    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      lake.run(RunMode.BATCH, raw);
      Map<String, Long> whole = SharedLake.sample().counts();
      assertThat(whole.get("customer_curated")).isPositive();

      lake.run(RunMode.BATCH, nothing, "accelerometer_landing");
      lake.run(RunMode.BATCH, raw, "customer_curated", "step_trainer_trusted");

      assertThat(lake.counts())
          .containsEntry("accelerometer_landing", 0L)
          .containsEntry("customer_curated", whole.get("customer_curated"))
          .containsEntry("step_trainer_trusted", whole.get("step_trainer_trusted"));
    }
  }
}
