package io.stedi.lakehouse.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.testing.Need;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A job leaves to its cluster what is the cluster's. */
class ManagedSettingsTest {

  /** What a job sets for itself on any cluster. */
  private static final Set<String> OWN =
      Set.of(
          "execution.runtime-mode",
          "pipeline.name",
          "pipeline.global-job-parameters",
          "table.local-time-zone",
          "table.optimizer.reuse-optimize-block-with-digest-enabled");

  @ParameterizedTest
  @EnumSource(RunMode.class)
  void aJobSetsNothingElse(RunMode mode) {
    Settings settings =
        Settings.onCluster(
            "aws", Map.of(), Map.of("STEDI_WAREHOUSE", "s3://b/w", "AWS_REGION", "r"));
    Plan plan =
        new Planner(SqlProgram.load(), settings).run(mode, URI.create("s3://b/raw"), Set.of());
    assertThat(plan.configuration().keySet()).isEqualTo(OWN);
    assertThat(settings.flinkConfiguration()).isEmpty();
  }

  /** The managed service throws on any setting of a program that is not on its list. */
  @Test
  void theManagedServiceTakesAllOfIt() throws Exception {
    Path list = Path.of("..", "shared", "managed-flink-settings.txt");
    Need.that(Files.isRegularFile(list), "the managed service's list is not at " + list);
    assertThat(new TreeSet<>(Files.readAllLines(list))).containsAll(OWN);
  }

  @Test
  void theProgramIsFoundInAJarThatIsNamedRelatively() throws Exception {
    assertThat(SqlProgram.path(new URL("file:usrlib/my%20app+1.jar")))
        .isEqualTo(Path.of("usrlib/my app+1.jar"));
    assertThat(SqlProgram.path(Path.of("/a b/c.jar").toUri().toURL()))
        .isEqualTo(Path.of("/a b/c.jar"));
  }
}
