package io.stedi.lakehouse.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * Stands between a client and an imitation of AWS: records the calls, checks the version of a Glue
 * table as AWS does and moto does not, and answers some calls itself if a test wants that.
 */
public final class AwsProxy implements AutoCloseable {

  /** What becomes of a call. */
  public sealed interface Fate {

    /** It is answered by the service. */
    record Served() implements Fate {}

    /** It is answered with an error and does not reach the service. */
    record Refused(int status, String code, String message) implements Fate {}

    /** Its connection is closed. */
    record Dropped(boolean afterItWasServed) implements Fate {}
  }

  /** The usual fate. */
  public static final Fate SERVED = new Fate.Served();

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> OWN_HEADERS =
      Set.of("host", "content-length", "connection", "expect", "upgrade", "transfer-encoding");

  static {
    // Otherwise each answer waits for the acknowledgement of its headers, up to 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(16);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI service;
  private final AwsHttp aws;
  private final Queue<AwsCall> calls = new ConcurrentLinkedQueue<>();
  private final AtomicReference<Function<AwsCall, Fate>> rule =
      new AtomicReference<>(call -> SERVED);

  private AwsProxy(HttpServer server, URI service) {
    this.server = server;
    this.service = service;
    this.aws = new AwsHttp(service);
  }

  /** Starts one in front of a service. */
  public static AwsProxy start(URI service) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    AwsProxy proxy = new AwsProxy(server, service);
    server.createContext("/", proxy::handle);
    server.setExecutor(proxy.threads);
    server.start();
    return proxy;
  }

  /** Where it answers, such as {@code http://127.0.0.1:40123}. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Decides on the fate of calls from now on. Called by several threads. */
  public void rule(Function<AwsCall, Fate> rule) {
    this.rule.set(rule);
  }

  /** The calls so far, those of fates other than {@link #SERVED} included. */
  public List<AwsCall> calls() {
    return List.copyOf(calls);
  }

  /** Forgets the calls so far. */
  public void forgetCalls() {
    calls.clear();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
      Fate fate = SERVED;
      for (AwsCall call :
          AwsCall.of(
              exchange.getRequestMethod(),
              exchange.getRequestURI(),
              target,
              exchange.getRequestHeaders().getFirst("X-Amz-Copy-Source"),
              body)) {
        calls.add(call);
        Fate decided = rule.get().apply(call);
        fate = decided == SERVED ? fate : decided;
      }
      if (fate instanceof Fate.Refused refused) {
        refuse(exchange, target != null, refused);
      } else if (fate instanceof Fate.Dropped dropped) {
        if (dropped.afterItWasServed()) {
          forward(exchange, target, body);
        }
      } else {
        answer(exchange, target, forward(exchange, target, body));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpResponse<byte[]> forward(HttpExchange exchange, String target, byte[] body)
      throws IOException, InterruptedException {
    if ("AWSGlue.UpdateTable".equals(target)) {
      // The version is compared and changed in one step.
      synchronized (this) {
        return isStale(JSON.readTree(body)) ? null : send(exchange, body);
      }
    }
    return send(exchange, body);
  }

  private boolean isStale(JsonNode update) throws IOException, InterruptedException {
    if (!update.has("VersionId")) {
      return false;
    }
    JsonNode current =
        aws.json(
            "glue",
            "AWSGlue.GetTable",
            Map.of(
                "DatabaseName", update.path("DatabaseName").asText(),
                "Name", update.at("/TableInput/Name").asText()));
    return !current.at("/Table/VersionId").equals(update.path("VersionId"));
  }

  private HttpResponse<byte[]> send(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.resolve(exchange.getRequestURI().toString()))
            .timeout(Duration.ofMinutes(1))
            .method(
                exchange.getRequestMethod(),
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  /**
   * @param response null if a Glue table has changed since the caller looked at it
   */
  private static void answer(HttpExchange exchange, String target, HttpResponse<byte[]> response)
      throws IOException {
    if (response == null) {
      refuse(
          exchange,
          true,
          new Fate.Refused(
              400, "ConcurrentModificationException", "Update table failed due to concurrent..."));
      return;
    }
    boolean head = exchange.getRequestMethod().equals("HEAD");
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              String header = name.toLowerCase(Locale.ROOT);
              if (!OWN_HEADERS.contains(header) || (head && header.equals("content-length"))) {
                exchange.getResponseHeaders().put(name, values);
              }
            });
    boolean empty = head || response.body().length == 0;
    exchange.sendResponseHeaders(response.statusCode(), empty ? -1 : response.body().length);
    if (!empty) {
      exchange.getResponseBody().write(response.body());
    }
  }

  private static void refuse(HttpExchange exchange, boolean json, Fate.Refused refused)
      throws IOException {
    String body =
        json
            ? JSON.writeValueAsString(
                Map.of("__type", refused.code(), "message", refused.message()))
            : "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>%s</Code><Message>%s</Message></Error>"
                .formatted(refused.code(), refused.message());
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange
        .getResponseHeaders()
        .set("Content-Type", json ? "application/x-amz-json-1.1" : "application/xml");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(refused.status(), head ? -1 : bytes.length);
    if (!head) {
      exchange.getResponseBody().write(bytes);
    }
  }
}
