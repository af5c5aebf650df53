package io.stedi.lakehouse.pipeline;

import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.failure.Causes;
import io.stedi.lakehouse.failure.LakehouseException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.table.api.TableResult;

/** One cluster in this process for many queries, which else would each start one. */
final class QueryCluster implements AutoCloseable {

  private static final int START_SECONDS = 30;

  /** How long a query may wait for those before it. */
  private static final Duration LONGEST_QUERY = Duration.ofDays(1);

  private final MiniCluster cluster;
  private final URI address;

  private QueryCluster(MiniCluster cluster, URI address) {
    this.cluster = cluster;
    this.address = address;
  }

  /**
   * Starts it.
   *
   * @throws LakehouseException if it cannot be started
   */
  static QueryCluster start(Settings settings) {
    Configuration configuration = Configuration.fromMap(settings.flinkConfiguration());
    // Queries wait for each other's slots, which are given up as soon as they are not needed.
    configuration.set(JobManagerOptions.SLOT_IDLE_TIMEOUT, Duration.ofMillis(100));
    configuration.set(JobManagerOptions.SLOT_REQUEST_TIMEOUT, LONGEST_QUERY);
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(settings.parallelism().orElse(1))
                .build());
    try {
      cluster.start();
      return new QueryCluster(cluster, address(cluster));
    } catch (LakehouseException e) {
      cluster.closeAsync();
      throw e;
    } catch (Exception e) {
      cluster.closeAsync();
      throw LakehouseException.system(
          "Cannot start what runs the queries: " + Causes.summary(e), e);
    }
  }

  private static URI address(MiniCluster cluster) {
    try {
      return cluster.getRestAddress().get(START_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw LakehouseException.system("Interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw LakehouseException.system(
          "What runs the queries has no address: " + Causes.summary(e), e);
    }
  }

  /** Has queries that are planned with this configuration run here. */
  void target(Configuration configuration) {
    configuration.set(DeploymentOptions.TARGET, "remote");
    configuration.set(RestOptions.ADDRESS, address.getHost());
    configuration.set(RestOptions.PORT, address.getPort());
  }

  /**
   * Waits for a query whose few rows its job keeps until it has ended. Left to the client, it is
   * asked for them ten times a second, which in a long query takes seconds of a core.
   *
   * @param query was started here; nothing is said of how it ended
   */
  void await(TableResult query) {
    try {
      cluster.requestJobResult(query.getJobClient().orElseThrow().getJobID()).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw LakehouseException.system("Interrupted", e);
    } catch (ExecutionException e) {
      throw LakehouseException.system(
          "What runs the queries does not answer: " + Causes.summary(e), e);
    }
  }

  @Override
  public void close() {
    try {
      cluster.close();
    } catch (Exception e) {
      throw LakehouseException.system("Cannot stop what runs the queries: " + Causes.summary(e), e);
    }
  }
}
