package io.stedi.lakehouse.testing;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The AWS services that moto imitates, served over HTTP by a process that ends with this object.
 * Each server starts empty.
 */
public final class MotoServer implements AutoCloseable {

  private static final String COMMAND = "moto_server";
  private static final String HOST = "127.0.0.1";
  private static final Duration DEADLINE = Duration.ofSeconds(90);
  private static final int PORTS_TRIED = 3;

  private final Process process;
  private final URI endpoint;
  private final Path log;
  private final Thread onExit;

  private MotoServer(Process process, URI endpoint, Path log) {
    this.process = process;
    this.endpoint = endpoint;
    this.log = log;
    // A test run that is interrupted closes nothing.
    this.onExit = new Thread(() -> kill(process), "moto-killer");
    Runtime.getRuntime().addShutdownHook(onExit);
  }

  /** Starts a server and waits until it answers; skips the test if moto is not installed. */
  public static MotoServer start() throws IOException, InterruptedException {
    Optional<Path> program = onPath();
    Need.that(program.isPresent(), COMMAND + " is not on the PATH");
    // A free port may be taken by someone else before the server binds it.
    for (int attempt = 1; ; attempt++) {
      MotoServer server = launch(program.orElseThrow(), freePort());
      try {
        server.awaitAnswer();
        return server;
      } catch (IOException | InterruptedException e) {
        server.close();
        if (e instanceof InterruptedException || attempt == PORTS_TRIED) {
          throw e;
        }
      }
    }
  }

  /** Where all services answer, such as {@code http://127.0.0.1:40123}. */
  public URI endpoint() {
    return endpoint;
  }

  /** The file that the server logs to. */
  public Path log() {
    return log;
  }

  @Override
  public void close() {
    kill(process);
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException e) {
      // The virtual machine is ending already and runs the hook.
    }
  }

  private static MotoServer launch(Path program, int port) throws IOException {
    Path log = Files.createTempFile("moto-", ".log");
    log.toFile().deleteOnExit();
    Process process =
        new ProcessBuilder(program.toString(), "-H", HOST, "-p", String.valueOf(port))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    return new MotoServer(process, URI.create("http://%s:%d".formatted(HOST, port)), log);
  }

  private void awaitAnswer() throws IOException, InterruptedException {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    HttpRequest request =
        HttpRequest.newBuilder(endpoint.resolve("/moto-api/data.json"))
            .timeout(Duration.ofSeconds(10))
            .build();
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (System.nanoTime() < deadline) {
      // Returns at once when the process has ended; until then it paces the questions.
      if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
        throw new IOException(
            "%s ended with exit code %d: %s"
                .formatted(COMMAND, process.exitValue(), Files.readString(log)));
      }
      try {
        if (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // Not listening yet.
      }
    }
    throw new IOException(
        "%s did not answer at %s within %s: %s"
            .formatted(COMMAND, endpoint, DEADLINE, Files.readString(log)));
  }

  /** A port of this machine that nobody has at the moment. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      return socket.getLocalPort();
    }
  }

  private static Optional<Path> onPath() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(Pattern.quote(File.pathSeparator)))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, COMMAND))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static void kill(Process process) {
    // The command may be a wrapper, and then the server is a child of it.
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    process.onExit().join();
  }
}
