package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.config.Setting;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.generate.SampleData;
import io.stedi.lakehouse.lake.Lease;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.SharedLake;
import io.stedi.lakehouse.testing.TestLake;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream whose state is the cluster's, as it is where the state's folder is not set. */
class StreamOnClusterTest {

  @TempDir private Path folder;

  @Test
  void itBeginsAnewOncePerIdAndTheLakeKnowsItsProgram() throws Exception {
    Path raw = folder.resolve("raw");
    SampleData.write(SharedLake.SAMPLE, raw);
    try (TestLake lake =
        TestLake.in(folder.resolve("lake"), Map.of(Setting.STATE_FOLDER.key(), ""))) {
      Pipeline pipeline = new Pipeline(lake.settings(), lake.lake());
      Beginning first = new Beginning(Resume.FRESH, "first");
      pipeline.run(RunMode.STREAMING, raw.toUri(), Set.of(), first).await();
      assertThat(lake.counts()).isEqualTo(SharedLake.sample().counts());
      assertThat(StreamNotes.program(lake.lake()))
          .hasValueSatisfying(
              program -> {
                assertThat(program.meaning())
                    .containsEntry("input", raw.toUri().toString().replaceFirst("/$", ""));
                assertThat(program.compiledPlan()).contains("stream-exec-join");
              });
      assertThat(pipeline.misfits(raw.toUri(), Set.of())).isEmpty();
      assertThatThrownBy(() -> pipeline.misfits(folder.toUri(), Set.of()))
          .hasMessageContaining("begun with input = ");
      assertThatThrownBy(() -> pipeline.run(RunMode.STREAMING, raw.toUri(), Set.of(), first))
          .isInstanceOf(LakehouseException.class)
          .hasMessageContainingAll("holds rows already", "--fresh");
      pipeline
          .run(RunMode.STREAMING, raw.toUri(), Set.of(), new Beginning(Resume.FRESH, "second"))
          .await();
      assertThat(lake.counts()).isEqualTo(SharedLake.sample().counts());
    }
  }

  @Test
  void aBeginningThatWasCutOffIsMadeAgainAndOneWithAStateIsRefused() throws Exception {
    try (TestLake lake = TestLake.in(folder.resolve("lake"));
        Lease lease = Lease.take(lake.lake(), "a run")) {
      assertThatThrownBy(() -> lease.mustBeginAnew("one", true))
          .isInstanceOf(LakehouseException.class)
          .hasMessageContainingAll("--fresh one", "upgradeMode stateless");
      assertThat(lease.mustBeginAnew("one", false)).isTrue();
      // The program runs again, for the same job, before the tables were emptied for certain.
      assertThat(lease.mustBeginAnew("one", true)).isTrue();
      lease.hasBegunAnew("one");
      assertThat(lease.mustBeginAnew("one", true)).isFalse();
      assertThat(lease.mustBeginAnew("two", false)).isTrue();
    }
  }

  @Test
  void aStateIsNotGoneOnFromAfterTheTablesWereRolledBackUnlessASavepointIsChosen()
      throws Exception {
    try (TestLake lake = TestLake.in(folder.resolve("lake"));
        Lease lease = Lease.take(lake.lake(), "a run")) {
      StreamNotes notes = new StreamNotes(lake.lake(), lease);
      Configuration cluster = new Configuration();
      notes.requireNotRolledBack(cluster);
      lease.set(Lease.ROLLED_BACK, "2026-11-30T12:00:00Z");
      assertThatThrownBy(() -> notes.requireNotRolledBack(cluster))
          .isInstanceOf(LakehouseException.class)
          .hasMessageContainingAll("2026-11-30T12:00:00Z", "savepoint", "--fresh");
      cluster.set(StateRecoveryOptions.SAVEPOINT_PATH, "s3://b/savepoint");
      notes.requireNotRolledBack(cluster);
    }
  }
}
