package io.stedi.lakehouse.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.files.RawInput;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.records.FileKinds;
import io.stedi.lakehouse.testing.AwsCall;
import io.stedi.lakehouse.testing.AwsLake;
import io.stedi.lakehouse.testing.AwsProxy;
import io.stedi.lakehouse.testing.FlinkCluster;
import io.stedi.lakehouse.testing.StarterData;
import io.stedi.lakehouse.testing.ZooKeeper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job as an application of its own: its {@code main} runs in the JobManager, and once more in
 * the next if that is lost.
 */
@Tag("cluster")
class ApplicationClusterTest {

  private static final Path JAR = Path.of("target", "stedi-lakehouse.jar");

  /** With the logs of a cluster that failed. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  private RawInput raw;
  private ZooKeeper zooKeeper;

  @BeforeEach
  void start() throws Exception {
    raw =
        RawInput.open(
            StarterData.zip().toString(), FileKinds.BY_MENTION, folder.resolve("staging"));
    zooKeeper = ZooKeeper.start(folder.resolve("zookeeper"));
  }

  @AfterEach
  void stop() throws Exception {
    try (RawInput unpacked = raw;
        ZooKeeper started = zooKeeper) {}
  }

  @Test
  void aStreamingJobGoesOnAfterItsJobManagerIsKilled() throws Exception {
    try (ClusterLake lake = lake(ClusterLake.Kind.AWS);
        FlinkCluster cluster = cluster(lake)) {
      List<String> arguments = start(cluster, lake, RunMode.STREAMING);
      cluster.awaitCheckpoints(cluster.awaitOnlyJob(), 1);
      cluster.killJobManager();
      requireThatItEndsRight(cluster, lake, arguments);
      assertThat(cluster.jobManagerLog()).contains("Restoring job");
    }
  }

  @Test
  void aBatchJobIsRunAgainAfterItsJobManagerIsKilled() throws Exception {
    try (ClusterLake lake = lake(ClusterLake.Kind.SHARED_FOLDER);
        FlinkCluster cluster = cluster(lake)) {
      List<String> arguments = start(cluster, lake, RunMode.BATCH);
      // Some tables are written then, and others not.
      cluster.awaitFinishedTask(cluster.awaitOnlyJob(), "customer_raw");
      cluster.killJobManager();
      requireThatItEndsRight(cluster, lake, arguments);
    }
  }

  /** When some tables have their new content and others have not. */
  @Test
  void aBatchJobThatIsKilledWhilePublishingIsPublished() throws Exception {
    try (ClusterLake lake = lake(ClusterLake.Kind.AWS);
        FlinkCluster cluster = cluster(lake)) {
      AtomicInteger changes = new AtomicInteger();
      CountDownLatch publishing = new CountDownLatch(1);
      AwsCall change =
          new AwsCall("glue:UpdateTable", AwsLake.DATABASE + "/machine_learning_curated");
      lake.rule(
          call -> {
            // Its branch was begun and written to, and now that is to become its content.
            if (call.equals(change) && changes.incrementAndGet() == 3) {
              cluster.killJobManager();
              publishing.countDown();
            }
            return AwsProxy.SERVED;
          });
      List<String> arguments = start(cluster, lake, RunMode.BATCH);
      assertThat(publishing.await(4, TimeUnit.MINUTES)).as("the publication begins").isTrue();
      requireThatItEndsRight(cluster, lake, arguments);
    }
  }

  private ClusterLake lake(ClusterLake.Kind kind) throws Exception {
    return kind.open(folder, Path.of(raw.root()));
  }

  private FlinkCluster cluster(ClusterLake lake) throws Exception {
    return lake.cluster(folder.resolve("flink"), zooKeeper.configuration(), lake.environment());
  }

  private static List<String> start(FlinkCluster cluster, ClusterLake lake, RunMode mode)
      throws Exception {
    Files.createLink(cluster.usrlib().resolve("stedi-lakehouse.jar"), JAR.toAbsolutePath());
    List<String> arguments = lake.run(mode, AwsLake.DATABASE);
    cluster.startTaskManagers(2).startApplication(arguments);
    return arguments;
  }

  private static void requireThatItEndsRight(
      FlinkCluster cluster, ClusterLake lake, List<String> arguments) throws Exception {
    assertThat(cluster.isRunning()).as("killed").isFalse();
    cluster.startApplication(arguments);
    assertThat(cluster.awaitEnd()).as(cluster.jobManagerLog()).isZero();
    assertThat(lake.counts(AwsLake.DATABASE)).isEqualTo(StarterData.PUBLISHED);
  }
}
