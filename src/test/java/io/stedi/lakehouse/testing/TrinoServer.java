package io.stedi.lakehouse.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Trino server, on which Athena is built, in a process of its own, with the Iceberg tables of a
 * Glue catalog. The build's profile {@code trino} puts the server's archive into {@code
 * target/trino}.
 */
public final class TrinoServer implements AutoCloseable {

  private static final int MIN_JAVA = 24;
  private static final String JAVA_HOME = "STEDI_TRINO_JAVA_HOME";
  private static final Duration DEADLINE = Duration.ofMinutes(3);
  private static final Path HOME = Path.of("target", "trino").toAbsolutePath();
  private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final URI endpoint;
  private final Path log;
  private final HttpClient client = HttpClient.newHttpClient();

  private TrinoServer(Process process, URI endpoint, Path log) {
    this.process = process;
    this.endpoint = endpoint;
    this.log = log;
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "trino-killer"));
  }

  /**
   * Starts a server; skips the test if no JDK of version 24 or later is found.
   *
   * @param folder where it keeps its files
   * @param aws where Glue and S3 answer
   */
  public static TrinoServer start(Path folder, URI aws) throws IOException, InterruptedException {
    Optional<Path> java = java();
    Need.that(
        java.isPresent(),
        "no JDK of version %d or later is in /usr/lib/jvm; name one in %s"
            .formatted(MIN_JAVA, JAVA_HOME));
    Path server = unpacked();
    int port = MotoServer.freePort();
    URI endpoint = URI.create("http://127.0.0.1:" + port);
    // The other plugins take minutes to load.
    Path plugins = Files.createDirectories(HOME.resolve("plugins"));
    Path iceberg = plugins.resolve("iceberg");
    Files.deleteIfExists(iceberg);
    Files.createSymbolicLink(iceberg, server.resolve("plugin/iceberg"));
    Path etc = Files.createDirectories(folder.resolve("etc/catalog")).getParent();
    Files.writeString(
        etc.resolve("config.properties"),
        """
        coordinator=true
        node-scheduler.include-coordinator=true
        http-server.http.port=%d
        discovery.uri=%s
        plugin.dir=%s
        node.environment=test
        """
            .formatted(port, endpoint, plugins));
    Files.writeString(
        etc.resolve("catalog/lake.properties"),
        """
        connector.name=iceberg
        iceberg.catalog.type=glue
        hive.metastore.glue.region=%1$s
        hive.metastore.glue.endpoint-url=%2$s
        hive.metastore.glue.aws-access-key=test
        hive.metastore.glue.aws-secret-key=test
        fs.native-s3.enabled=true
        s3.region=%1$s
        s3.endpoint=%2$s
        s3.path-style-access=true
        s3.aws-access-key=test
        s3.aws-secret-key=test
        """
            .formatted(AwsHttp.REGION, aws));
    Path log = folder.resolve("trino.log");
    Process process =
        new ProcessBuilder(
                java.orElseThrow().resolve("bin/java").toString(),
                "-Xmx1g",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dconfig=etc/config.properties",
                "-cp",
                server.resolve("lib") + "/*",
                "io.trino.server.TrinoServer")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    TrinoServer trino = new TrinoServer(process, endpoint, log);
    try {
      trino.awaitStart();
      return trino;
    } catch (IOException | InterruptedException e) {
      trino.close();
      throw e;
    }
  }

  /** The rows of a query, each value as text; null for null. */
  public List<List<String>> query(String sql) throws IOException, InterruptedException {
    JsonNode answer =
        send(
            HttpRequest.newBuilder(endpoint.resolve("/v1/statement"))
                .header("X-Trino-User", "analyst")
                .header("X-Trino-Catalog", "lake")
                .header("X-Trino-Schema", AwsLake.DATABASE)
                .POST(HttpRequest.BodyPublishers.ofString(sql)));
    List<List<String>> rows = new ArrayList<>();
    while (true) {
      if (answer.has("error")) {
        throw new IOException(sql + ": " + answer.at("/error/message").asText());
      }
      for (JsonNode row : answer.path("data")) {
        List<String> values = new ArrayList<>();
        row.forEach(value -> values.add(value.isNull() ? null : value.asText()));
        rows.add(values);
      }
      if (!answer.has("nextUri")) {
        return rows;
      }
      answer = send(HttpRequest.newBuilder(URI.create(answer.path("nextUri").asText())));
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(
            request.timeout(Duration.ofMinutes(2)).build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(response.statusCode() + " " + response.body());
    }
    return JSON.readTree(response.body());
  }

  private void awaitStart() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (System.nanoTime() < deadline) {
      if (process.waitFor(200, TimeUnit.MILLISECONDS)) {
        break;
      }
      try {
        JsonNode info = send(HttpRequest.newBuilder(endpoint.resolve("/v1/info")));
        if (!info.path("starting").asBoolean(true)) {
          return;
        }
      } catch (IOException e) {
        // Not listening yet.
      }
    }
    throw new IOException("Trino did not start: " + Files.readString(log));
  }

  /** The server, unpacked once. By tar: its archive holds the same jars once, as hard links. */
  private static Path unpacked() throws IOException, InterruptedException {
    Path archive;
    try (Stream<Path> files = Files.list(HOME)) {
      archive = files.filter(file -> file.toString().endsWith(".tar.gz")).findFirst().orElseThrow();
    }
    Path server = HOME.resolve(archive.getFileName().toString().replaceFirst("\\.tar\\.gz$", ""));
    if (!Files.exists(server.resolve("complete"))) {
      Process tar =
          new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", HOME.toString())
              .inheritIO()
              .start();
      if (!tar.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS) || tar.exitValue() != 0) {
        tar.destroyForcibly();
        throw new IOException("cannot unpack " + archive);
      }
      Files.createFile(server.resolve("complete"));
    }
    return server;
  }

  private static Optional<Path> java() throws IOException {
    String named = System.getenv(JAVA_HOME);
    if (named != null) {
      return Optional.of(Path.of(named));
    }
    Path all = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(all)) {
      return Optional.empty();
    }
    try (Stream<Path> homes = Files.list(all)) {
      return homes.filter(home -> version(home) >= MIN_JAVA).sorted().findFirst();
    }
  }

  private static int version(Path home) {
    try {
      Matcher version = VERSION.matcher(Files.readString(home.resolve("release")));
      return version.find() ? Integer.parseInt(version.group(1)) : 0;
    } catch (IOException e) {
      // No JDK.
      return 0;
    }
  }
}
