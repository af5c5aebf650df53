package io.stedi.lakehouse.job;

import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.AwsCall;
import io.stedi.lakehouse.testing.AwsLake;
import io.stedi.lakehouse.testing.AwsProxy;
import io.stedi.lakehouse.testing.FlinkCluster;
import io.stedi.lakehouse.testing.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Raw files and the tables that the jobs of a cluster make of them. */
abstract class ClusterLake implements AutoCloseable {

  /** Where raw files and tables are. */
  enum Kind {
    /** In a folder that all machines share, the catalog in a database there. */
    SHARED_FOLDER {
      @Override
      ClusterLake open(Path folder, Path raw) throws IOException {
        return new SharedFolder(folder, raw);
      }
    },
    /** In S3 and Glue. */
    AWS {
      @Override
      ClusterLake open(Path folder, Path raw) throws Exception {
        return new Aws(folder, raw);
      }
    };

    /**
     * Makes a lake without tables.
     *
     * @param folder for what is kept on this machine
     * @param raw the raw files, a folder of this machine
     */
    abstract ClusterLake open(Path folder, Path raw) throws Exception;
  }

  /** Variables of the cluster's processes. */
  abstract Map<String, String> environment();

  /** What the cluster is told of this lake. */
  abstract Map<String, String> configuration();

  /** The arguments of a job that fills this lake from all raw files. */
  abstract List<String> arguments();

  /** The number of rows of each table of a database, deletes applied. */
  abstract Map<String, Long> counts(String database) throws Exception;

  /** The arguments of {@code run}, to fill the tables of a database. */
  List<String> run(RunMode mode, String database) {
    List<String> arguments = new ArrayList<>(List.of("run"));
    arguments.addAll(arguments());
    arguments.addAll(List.of("--mode", mode.name().toLowerCase(Locale.ROOT)));
    arguments.addAll(List.of("-D", "database=" + database, "-D", "streaming.bounded=true"));
    return arguments;
  }

  /**
   * A cluster for jobs on this lake, of which nothing runs yet.
   *
   * @param home where it keeps its files
   * @param more configuration of Flink
   * @param environment variables of its processes: {@link #environment}, or less
   */
  FlinkCluster cluster(Path home, Map<String, String> more, Map<String, String> environment)
      throws IOException {
    return onClusters(home, configuration(), more, environment);
  }

  /** A cluster as the tests of this package have it. */
  static FlinkCluster onClusters(
      Path home,
      Map<String, String> ofLake,
      Map<String, String> more,
      Map<String, String> environment)
      throws IOException {
    Map<String, String> configuration = new HashMap<>(ofLake);
    configuration.put("parallelism.default", "4");
    configuration.put("execution.checkpointing.interval", "1s");
    configuration.put("execution.checkpointing.incremental", "true");
    configuration.put("state.backend.type", "rocksdb");
    // The quick attempts that a lost TaskManager costs must not use up what there is.
    configuration.put("restart-strategy.type", "exponential-delay");
    configuration.put("restart-strategy.exponential-delay.attempts-before-reset-backoff", "20");
    configuration.putAll(more);
    return FlinkCluster.in(home, configuration, environment);
  }

  /**
   * Decides on the calls to AWS.
   *
   * @throws UnsupportedOperationException if this lake makes none
   */
  void rule(Function<AwsCall, AwsProxy.Fate> rule) {
    throw new UnsupportedOperationException();
  }

  @Override
  public abstract void close();

  private static final class SharedFolder extends ClusterLake {

    private final Path folder;
    private final Path tables;
    private final Path raw;
    private final Path conf;

    SharedFolder(Path folder, Path raw) throws IOException {
      this.folder = folder;
      this.raw = raw;
      this.tables = Files.createDirectories(folder.resolve("tables"));
      this.conf = Files.writeString(folder.resolve("conf.yaml"), TestLake.sharedSettings(tables));
    }

    @Override
    Map<String, String> environment() {
      return Map.of("STEDI_PSEUDONYM_KEY", TestLake.KEY);
    }

    @Override
    Map<String, String> configuration() {
      return Map.of(
          "execution.checkpointing.dir", folder.resolve("checkpoints").toUri().toString());
    }

    @Override
    List<String> arguments() {
      return List.of("--conf", conf.toUri().toString(), "--input", raw.toUri().toString());
    }

    @Override
    Map<String, Long> counts(String database) throws IOException {
      try (TestLake lake = TestLake.in(tables, Map.of("database", database))) {
        return lake.counts();
      }
    }

    @Override
    public void close() {}
  }

  private static final class Aws extends ClusterLake {

    private final Path folder;
    private final AwsLake aws = AwsLake.start();

    Aws(Path folder, Path raw) throws Exception {
      this.folder = folder;
      aws.upload(raw, "raw");
    }

    @Override
    Map<String, String> environment() {
      return aws.environment();
    }

    @Override
    Map<String, String> configuration() {
      return aws.flinkConfiguration();
    }

    @Override
    List<String> arguments() {
      return List.of("--conf", "aws", "--input", AwsLake.uri("raw"));
    }

    @Override
    Map<String, Long> counts(String database) throws Exception {
      return aws.counts(database);
    }

    @Override
    void rule(Function<AwsCall, AwsProxy.Fate> rule) {
      aws.proxy().rule(rule);
    }

    @Override
    public void close() {
      aws.close();
    }
  }
}
