package io.stedi.lakehouse.query;

import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.failure.Causes;
import io.stedi.lakehouse.failure.LakehouseException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.core.execution.PipelineExecutor;
import org.apache.flink.core.execution.PipelineExecutorFactory;
import org.apache.flink.core.execution.PipelineExecutorServiceLoader;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/**
 * One cluster in this process for many queries, which else would each start one. Jobs are handed to
 * it directly: its REST endpoint takes none.
 */
public final class QueryCluster implements AutoCloseable {

  private static final String NAME = "query-cluster";

  /** How long a query may wait for those before it. */
  private static final Duration LONGEST_QUERY = Duration.ofDays(1);

  private final MiniCluster cluster;

  private QueryCluster(MiniCluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Starts it.
   *
   * @throws LakehouseException if it cannot be started
   */
  public static QueryCluster start(Settings settings) {
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
      return new QueryCluster(cluster);
    } catch (Exception e) {
      cluster.closeAsync();
      throw LakehouseException.system(
          "Cannot start what runs the queries: " + Causes.summary(e), e);
    }
  }

  /**
   * A table environment whose queries run here.
   *
   * @param configuration gets this cluster as its target
   */
  public TableEnvironment environment(Configuration configuration) {
    configuration.set(DeploymentOptions.TARGET, NAME);
    return StreamTableEnvironment.create(
        new StreamExecutionEnvironment(new Loader(), configuration, null),
        EnvironmentSettings.newInstance().withConfiguration(configuration).build());
  }

  /** Names this cluster as the one that executes. */
  private final class Loader implements PipelineExecutorServiceLoader, PipelineExecutorFactory {

    @Override
    public PipelineExecutorFactory getExecutorFactory(Configuration configuration) {
      return this;
    }

    @Override
    public Stream<String> getExecutorNames() {
      return Stream.of(NAME);
    }

    @Override
    public String getName() {
      return NAME;
    }

    @Override
    public boolean isCompatibleWith(Configuration configuration) {
      return true;
    }

    @Override
    public PipelineExecutor getExecutor(Configuration configuration) {
      return new MiniClusterExecutor(cluster);
    }
  }

  /**
   * Waits for a query whose few rows its job keeps until it has ended. Left to the client, it is
   * asked for them ten times a second, which in a long query takes seconds of a core.
   *
   * @param query was started here; nothing is said of how it ended
   */
  public void await(TableResult query) {
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
