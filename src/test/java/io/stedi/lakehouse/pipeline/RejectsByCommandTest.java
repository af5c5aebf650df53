package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.lake.LakeSummary;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.LakeRows;
import io.stedi.lakehouse.testing.RawFiles;
import io.stedi.lakehouse.testing.TestLake;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run} and {@code prepare} both account for each byte of their input in one table. */
class RejectsByCommandTest {

  private static final String GOOD =
      "{\"sensorReadingTime\":1655564376361,\"serialNumber\":\"dev\",\"distanceFromObject\":7}";

  @TempDir private Path folder;

  @Test
  void eachCommandReplacesItsOwnRejectsOnly() throws Exception {
    Path clean = input("clean", GOOD);
    Path torn = input("torn", "{\"serialNumber\":", GOOD);
    try (TestLake lake = TestLake.in(folder.resolve("lake"))) {
      assertThat(run(lake, torn).rejects()).hasSize(1);
      assertThat(lake.prepare(torn.toUri(), null).rejects()).hasSize(1);
      assertThat(commands(lake)).containsExactlyInAnyOrder("run", "prepare");

      assertThat(run(lake, clean).rejects()).isEmpty();
      assertThat(commands(lake)).containsExactly("prepare");

      assertThat(lake.prepare(clean.toUri(), null).rejects()).isEmpty();
      assertThat(commands(lake)).isEmpty();
    }
  }

  /** A run of the tables that rejects of steps are told in. */
  private static LakeSummary run(TestLake lake, Path input) {
    return lake.run(RunMode.BATCH, input, "step_trainer_landing", "rejected_landing");
  }

  private static List<String> commands(TestLake lake) throws Exception {
    return new LakeRows(lake).rows("rejected_landing", "command");
  }

  private Path input(String name, String... steps) throws Exception {
    Path input = folder.resolve(name);
    RawFiles.write(input, "step_trainer", List.of(steps), 1);
    return input;
  }
}
