package io.stedi.lakehouse.testing;

import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.query.MiniClusterExecutor;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.PipelineExecutor;
import org.apache.flink.core.execution.PipelineExecutorFactory;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;

/**
 * One Flink cluster for all jobs of this JVM's tests. Flink finds it as the {@code
 * execution.target} of this name; a job with the target {@code local} starts a cluster of its own.
 */
public final class SharedCluster implements PipelineExecutorFactory {

  /** The name of the target. */
  public static final String TARGET = "shared-by-tests";

  /** As many as jobs that run at the same time need. */
  private static final int SLOTS = 8;

  private static MiniCluster cluster;

  private static synchronized MiniCluster cluster() throws Exception {
    if (cluster == null) {
      Map<String, String> settings = new HashMap<>();
      settings.put("parallelism", String.valueOf(SLOTS));
      settings.put("flink.taskmanager.memory.managed.size", "1g");
      Configuration configuration =
          Configuration.fromMap(
              Settings.onOneMachine("local", settings, Map.of("lake", "no-lake"))
                  .flinkConfiguration());
      configuration.set(RestOptions.BIND_PORT, "0");
      MiniCluster started =
          new MiniCluster(
              new MiniClusterConfiguration.Builder()
                  .setConfiguration(configuration)
                  .setNumTaskManagers(1)
                  .setNumSlotsPerTaskManager(SLOTS)
                  .build());
      started.start();
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> started.closeAsync().join(), "cluster-closer"));
      cluster = started;
    }
    return cluster;
  }

  @Override
  public String getName() {
    return TARGET;
  }

  @Override
  public boolean isCompatibleWith(Configuration configuration) {
    return TARGET.equals(configuration.get(DeploymentOptions.TARGET));
  }

  @Override
  public PipelineExecutor getExecutor(Configuration configuration) {
    return (pipeline, jobConfiguration, classLoader) ->
        new MiniClusterExecutor(cluster()).execute(pipeline, jobConfiguration, classLoader);
  }
}
