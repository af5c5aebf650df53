package io.stedi.lakehouse.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.files.RawInput;
import io.stedi.lakehouse.generate.SampleData;
import io.stedi.lakehouse.generate.SampleOptions;
import io.stedi.lakehouse.pipeline.RunMode;
import io.stedi.lakehouse.testing.AwsLake;
import io.stedi.lakehouse.testing.FlinkCluster;
import io.stedi.lakehouse.testing.StarterData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs that are submitted with {@code flink run} to a JobManager and two TaskManagers. */
class SessionClusterTest {

  private static final Path JAR = Path.of("target", "stedi-lakehouse.jar").toAbsolutePath();
  private static final Pattern SUBMITTED = Pattern.compile("with JobID ([0-9a-f]{32})");

  /** More than a TaskManager's memory for classes would hold if jobs left theirs behind. */
  private static final int JOBS = 7;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void bothModesGiveThePublishedCountsThoughATaskManagerIsKilled(ClusterLake.Kind kind)
      throws Exception {
    try (RawInput raw = RawInput.open(StarterData.zip().toString(), folder.resolve("staging"));
        ClusterLake lake = kind.open(folder, Path.of(raw.root()));
        FlinkCluster cluster = cluster(lake)) {
      FlinkCluster.Result batch = flinkRun(cluster, List.of(), lake.run(RunMode.BATCH, "batch"));
      assertThat(batch.exitCode()).as(batch.output()).isZero();
      assertThat(lake.counts("batch")).isEqualTo(StarterData.PUBLISHED);

      FlinkCluster.Result streaming =
          flinkRun(cluster, List.of("--detached"), lake.run(RunMode.STREAMING, "streaming"));
      assertThat(streaming.exitCode()).as(streaming.output()).isZero();
      Matcher submitted = SUBMITTED.matcher(streaming.output());
      assertThat(submitted.find()).as(streaming.output()).isTrue();
      String job = submitted.group(1);
      cluster.awaitCheckpoints(job, 2);
      FlinkCluster.Result second =
          flinkRun(cluster, List.of("--detached"), lake.run(RunMode.BATCH, "streaming"));
      assertThat(second.exitCode()).isNotZero();
      assertThat(second.output()).contains("Another run is writing to the lake streaming");
      cluster.killTaskManager(0);
      cluster.startTaskManagers(1);
      assertThat(cluster.awaitJob(job)).isEqualTo("FINISHED");
      assertThat(cluster.restarts(job)).isPositive();
      assertThat(lake.counts("streaming")).isEqualTo(StarterData.PUBLISHED);
    }
  }

  @Test
  void aClusterTakesJobAfterJob() throws Exception {
    Path raw = folder.resolve("raw");
    SampleData.write(new SampleOptions(30, 4, false), raw);
    try (ClusterLake lake = ClusterLake.Kind.SHARED_FOLDER.open(folder, raw);
        FlinkCluster cluster = cluster(lake)) {
      Map<String, Long> first = null;
      for (int job = 1; job <= JOBS; job++) {
        FlinkCluster.Result run =
            flinkRun(cluster, List.of(), lake.run(RunMode.BATCH, AwsLake.DATABASE));
        assertThat(run.exitCode()).as("job %d: %s", job, run.output()).isZero();
        Map<String, Long> counts = new TreeMap<>(lake.counts(AwsLake.DATABASE));
        first = first == null ? counts : first;
        assertThat(counts).as("job %d", job).isEqualTo(first);
      }
      for (int i = 0; i < 2; i++) {
        assertThat(cluster.taskManagerLog(i))
            .doesNotContain("OutOfMemoryError", "No suitable driver");
      }
      assertThat(cluster.jobManagerLog()).doesNotContain("OutOfMemoryError", "No suitable driver");
    }
  }

  private FlinkCluster cluster(ClusterLake lake) throws Exception {
    return lake.cluster(folder.resolve("flink"), Map.of())
        .startSession()
        .startTaskManagers(2)
        .awaitTaskManagers(2);
  }

  private static FlinkCluster.Result flinkRun(
      FlinkCluster cluster, List<String> options, List<String> arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("run"));
    all.addAll(options);
    all.add(JAR.toString());
    all.addAll(arguments);
    return cluster.flink(all.toArray(String[]::new));
  }
}
