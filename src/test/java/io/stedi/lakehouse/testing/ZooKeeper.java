package io.stedi.lakehouse.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A ZooKeeper server in a process of its own, by which a JobManager finds what the one before it
 * left. Flink brings the server along.
 */
public final class ZooKeeper implements AutoCloseable {

  private static final String MAIN =
      "org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.ZooKeeperServerMain";
  private static final int TICK_MILLIS = 1_000;

  private final Path folder;
  private final int port;
  private final Process process;

  private ZooKeeper(Path folder, int port, Process process) {
    this.folder = folder;
    this.port = port;
    this.process = process;
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "zookeeper-killer"));
  }

  /**
   * Starts a server.
   *
   * @param folder where it keeps its data
   */
  public static ZooKeeper start(Path folder) throws IOException {
    Files.createDirectories(folder);
    int port = MotoServer.freePort();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-Dzookeeper.admin.enableServer=false",
                "-cp",
                FlinkCluster.LIB + "/*",
                MAIN,
                String.valueOf(port),
                folder.resolve("data").toString(),
                String.valueOf(TICK_MILLIS))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("zookeeper.log").toFile())
            .start();
    return new ZooKeeper(folder, port, process);
  }

  /** What a cluster needs to be highly available by it. */
  public Map<String, String> configuration() {
    return Map.of(
        "high-availability.type",
        "zookeeper",
        "high-availability.zookeeper.quorum",
        "127.0.0.1:" + port,
        // How long a killed JobManager counts as alive.
        "high-availability.zookeeper.client.session-timeout",
        "5s",
        "high-availability.storageDir",
        folder.resolve("storage").toUri().toString());
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
