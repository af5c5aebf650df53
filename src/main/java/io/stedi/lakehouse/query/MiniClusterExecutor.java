package io.stedi.lakehouse.query;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.dag.Pipeline;
import org.apache.flink.client.ClientUtils;
import org.apache.flink.client.deployment.executors.PipelineExecutorUtils;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.PipelineExecutor;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterJobClient;
import org.apache.flink.runtime.minicluster.MiniClusterJobClient.JobFinalizationBehavior;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.util.function.FunctionUtils;

/**
 * Hands jobs to a cluster in this process, which outlives them. Flink's own local executor starts
 * one for each job.
 *
 * @param cluster has been started
 */
public record MiniClusterExecutor(MiniCluster cluster) implements PipelineExecutor {

  public MiniClusterExecutor {
    requireNonNull(cluster, "cluster");
  }

  @Override
  public CompletableFuture<JobClient> execute(
      Pipeline pipeline, Configuration configuration, ClassLoader classLoader) throws Exception {
    StreamGraph graph = PipelineExecutorUtils.getStreamGraph(pipeline, configuration);
    graph.serializeUserDefinedInstances();
    return cluster
        .submitJob(graph)
        .thenApplyAsync(
            FunctionUtils.uncheckedFunction(
                submitted -> {
                  ClientUtils.waitUntilJobInitializationFinished(
                      () -> cluster.getJobStatus(submitted.getJobID()).get(),
                      () -> cluster.requestJobResult(submitted.getJobID()).get(),
                      classLoader);
                  return new MiniClusterJobClient(
                      submitted.getJobID(), cluster, classLoader, JobFinalizationBehavior.NOTHING);
                }));
  }
}
