package io.stedi.lakehouse.cli;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.io.network.netty.InboundChannelHandlerFactory;
import org.apache.flink.shaded.netty4.io.netty.buffer.Unpooled;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelFutureListener;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelHandler;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelHandlerContext;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelInboundHandlerAdapter;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelPipeline;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.DefaultFullHttpResponse;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.FullHttpResponse;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpHeaderNames;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpMethod;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpRequest;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpServerCodec;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpVersion;
import org.apache.flink.shaded.netty4.io.netty.util.ReferenceCountUtil;

/**
 * Refuses requests to the REST endpoint of a Flink that runs in this process. Every user of the
 * machine reaches it, and so does every web page that is open in a browser on it, while Flink takes
 * jobs, which are code, from whoever posts them ({@code POST /jobs}; no setting turns that off).
 *
 * <p>Flink finds it as a service; a cluster whose configuration does not name {@link #ACCESS} is
 * left alone.
 */
public final class RestGuard implements InboundChannelHandlerFactory {

  /** Who may do what. */
  enum Access {
    /** Nobody anything. */
    NONE,
    /** Whoever opens it in a browser on this machine may look. */
    READ_ONLY
  }

  static final ConfigOption<Access> ACCESS =
      ConfigOptions.key("stedi.rest-access").enumType(Access.class).noDefaultValue();

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  @Override
  public int priority() {
    return Integer.MAX_VALUE;
  }

  @Override
  public Optional<ChannelHandler> createHandler(
      Configuration configuration, Map<String, String> responseHeaders) {
    return configuration.getOptional(ACCESS).map(Placer::new);
  }

  /**
   * Puts the guard in front. Flink adds what it finds behind its own handler of uploads, which
   * writes what is posted to the disk first.
   */
  private static final class Placer extends ChannelInboundHandlerAdapter {

    private final Access access;

    private Placer(Access access) {
      this.access = access;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      ChannelPipeline pipeline = context.pipeline();
      ChannelHandlerContext codec = pipeline.context(HttpServerCodec.class);
      pipeline.addAfter(codec.name(), null, new Guard(access));
      pipeline.remove(this);
    }
  }

  private static final class Guard extends ChannelInboundHandlerAdapter {

    private final Access access;

    /** Set by a request that is refused; what still comes of it is dropped. */
    private boolean refused;

    private Guard(Access access) {
      this.access = access;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (!refused && message instanceof HttpRequest request) {
        Optional<String> refusal = refusal(request, context);
        refusal.ifPresent(
            text -> context.writeAndFlush(response(text)).addListener(ChannelFutureListener.CLOSE));
        refused = refusal.isPresent();
      }
      if (refused) {
        ReferenceCountUtil.release(message);
      } else {
        context.fireChannelRead(message);
      }
    }

    private Optional<String> refusal(HttpRequest request, ChannelHandlerContext context) {
      if (access == Access.NONE) {
        return Optional.of("Start it with --ui to look at it here.");
      }
      if (!request.method().equals(HttpMethod.GET)) {
        return Optional.of("This address is for reading only.");
      }
      // Flink cancels and stops jobs by GET too, for a proxy that knows no other method.
      if (request.uri().contains("/yarn-")) {
        return Optional.of("This address is for reading only.");
      }
      // A browser names the page that asks, unless it is one from here.
      if (request.headers().contains(HttpHeaderNames.ORIGIN)) {
        return Optional.of("This address answers no other page.");
      }
      // A page from elsewhere may have a name that has become this machine's.
      String host = request.headers().get(HttpHeaderNames.HOST, "");
      int port = ((InetSocketAddress) context.channel().localAddress()).getPort();
      return LOOPBACK.stream().anyMatch(name -> host.equals(name + ":" + port))
          ? Optional.empty()
          : Optional.of("This address is http://localhost:%d.".formatted(port));
    }

    private static FullHttpResponse response(String text) {
      FullHttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1,
              HttpResponseStatus.FORBIDDEN,
              Unpooled.copiedBuffer(text + "\n", StandardCharsets.UTF_8));
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
      return response;
    }
  }
}
