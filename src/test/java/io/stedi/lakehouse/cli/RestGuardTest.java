package io.stedi.lakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.io.network.netty.InboundChannelHandlerFactory;
import org.apache.flink.shaded.netty4.io.netty.buffer.ByteBuf;
import org.apache.flink.shaded.netty4.io.netty.buffer.Unpooled;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelHandlerContext;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelInboundHandlerAdapter;
import org.apache.flink.shaded.netty4.io.netty.channel.embedded.EmbeddedChannel;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.DefaultFullHttpRequest;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.FullHttpRequest;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpMethod;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpServerCodec;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestGuardTest {

  private static final int PORT = 8081;
  private static final String HERE = "localhost:" + PORT;

  @ParameterizedTest
  @ValueSource(strings = {HERE, "127.0.0.1:8081", "[::1]:8081"})
  void aBrowserOnThisMachineMayLook(String host) {
    assertThat(isAnswered("READ_ONLY", request(HttpMethod.GET, "/jobs/overview", host))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /jars/upload",
    "POST, /jobs",
    "POST, /jobs/0/stop",
    "PATCH, /jobs/0",
    "DELETE, /cluster",
    "OPTIONS, /jobs",
    "GET, /jobs/0/yarn-cancel",
    "GET, /jobs/0/yarn-stop"
  })
  void nothingIsChanged(String method, String path) {
    assertThat(isAnswered("READ_ONLY", request(HttpMethod.valueOf(method), path, HERE))).isFalse();
  }

  @Test
  void aPageFromElsewhereIsNotAnswered() {
    FullHttpRequest request = request(HttpMethod.GET, "/config", HERE);
    request.headers().set("Origin", "https://page.example");
    assertThat(isAnswered("READ_ONLY", request)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"page.example:8081", "localhost", "localhost:80", "localhost:80810", ""})
  void aNameThatHasBecomeThisMachinesIsNotAnswered(String host) {
    assertThat(isAnswered("READ_ONLY", request(HttpMethod.GET, "/config", host))).isFalse();
  }

  @Test
  void nobodyIsAnsweredUnlessTheUiIsAskedFor() {
    assertThat(isAnswered("NONE", request(HttpMethod.GET, "/config", HERE))).isFalse();
  }

  @Test
  void aClusterIsLeftAlone() {
    assertThat(new RestGuard().createHandler(new Configuration(), Map.of())).isEmpty();
  }

  @Test
  void flinkFindsItAndAsksItFirst() {
    List<InboundChannelHandlerFactory> found =
        ServiceLoader.load(InboundChannelHandlerFactory.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
    assertThat(found).hasOnlyElementsOfType(RestGuard.class).hasSize(1);
    assertThat(found.get(0).priority()).isEqualTo(Integer.MAX_VALUE);
  }

  private static FullHttpRequest request(HttpMethod method, String path, String host) {
    FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, path);
    request.headers().set("Host", host);
    return request;
  }

  /** Whether a request comes through to Flink. If not, it is told so, and the connection ends. */
  private static boolean isAnswered(String access, FullHttpRequest request) {
    Configuration configuration = Configuration.fromMap(Map.of(RestGuard.ACCESS.key(), access));
    AtomicReference<Object> passed = new AtomicReference<>();
    EmbeddedChannel channel =
        new EmbeddedChannel(new HttpServerCodec(), new Uploads(passed)) {
          @Override
          protected SocketAddress localAddress0() {
            return new InetSocketAddress("localhost", PORT);
          }
        };
    channel
        .pipeline()
        .addLast(new RestGuard().createHandler(configuration, Map.of()).orElseThrow());
    StringBuilder text = new StringBuilder();
    text.append("%s %s HTTP/1.1\r\n".formatted(request.method(), request.uri()));
    request.headers().forEach(h -> text.append("%s: %s\r\n".formatted(h.getKey(), h.getValue())));
    text.append("\r\n");
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    ByteBuf response = channel.readOutbound();
    if (passed.get() == null) {
      assertThat(response.toString(StandardCharsets.UTF_8)).startsWith("HTTP/1.1 403 ");
      assertThat(channel.isOpen()).isFalse();
    } else {
      assertThat(response).isNull();
    }
    return passed.get() != null;
  }

  /** Where Flink writes what is posted to the disk. */
  private static final class Uploads extends ChannelInboundHandlerAdapter {

    private final AtomicReference<Object> passed;

    Uploads(AtomicReference<Object> passed) {
      this.passed = passed;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      passed.set(message);
    }
  }
}
