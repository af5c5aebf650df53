package io.stedi.lakehouse.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.files.Location;
import io.stedi.lakehouse.files.Output;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.AwsLake;
import io.stedi.lakehouse.testing.FlinkCluster;
import io.stedi.lakehouse.testing.SharedLake;
import io.stedi.lakehouse.testing.TestLake;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Jobs on a session cluster, one after the other, whose classes must go with them. */
@Tag("cluster")
class JobAfterJobClusterTest {

  private static final String JAR =
      Path.of("target", "stedi-lakehouse.jar").toAbsolutePath().toString();

  /** More than a TaskManager's memory for classes would hold if jobs left theirs behind. */
  private static final int JOBS = 6;

  /** With the logs of a cluster that failed. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  @Test
  void aClusterTakesJobAfterJob() throws Exception {
    Path raw = SharedLake.sample().raw();
    try (ClusterLake lake = ClusterLake.Kind.SHARED_FOLDER.open(folder, raw);
        FlinkCluster cluster =
            lake.cluster(folder.resolve("flink"), Map.of(), lake.environment())
                .startSession()
                .startTaskManagers(2)
                .awaitTaskManagers(2)) {
      for (int job = 1; job <= JOBS; job++) {
        FlinkCluster.Result run = flinkRun(cluster, lake.run(RunMode.BATCH, AwsLake.DATABASE));
        assertThat(run.exitCode()).as("job %d: %s", job, run.output()).isZero();
        assertThat(run.output()).doesNotContain("NoClassDefFoundError");
        assertThat(lake.counts(AwsLake.DATABASE))
            .as("job %d", job)
            .isEqualTo(SharedLake.sample().counts());
      }
      Path reduced = folder.resolve("reduced");
      List<String> prepare = new ArrayList<>(List.of("prepare"));
      prepare.addAll(lake.arguments());
      prepare.addAll(List.of("--output", reduced.toUri().toString()));
      FlinkCluster.Result prepared = flinkRun(cluster, prepare);
      assertThat(prepared.exitCode()).as(prepared.output()).isZero();
      Path same = folder.resolve("same");
      try (TestLake expected = TestLake.in(folder.resolve("expected"));
          Output output = Output.begin(Location.of(same), false)) {
        expected.prepare(raw.toUri(), output.partial());
        output.publish();
      }
      assertThat(lines(reduced)).isNotEmpty().isEqualTo(lines(same));
      assertThat(cluster.logs())
          .noneMatch(log -> log.contains("OutOfMemoryError") || log.contains("No suitable driver"));
    }
  }

  private static FlinkCluster.Result flinkRun(FlinkCluster cluster, List<String> arguments)
      throws Exception {
    return cluster.flink(
        Stream.concat(Stream.of("run", JAR), arguments.stream()).toArray(String[]::new));
  }

  /** The lines of all raw files in a folder, sorted. */
  private static List<String> lines(Path folder) throws Exception {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(name -> name.toString().contains("/landing/")).toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    lines.sort(null);
    return lines;
  }
}
