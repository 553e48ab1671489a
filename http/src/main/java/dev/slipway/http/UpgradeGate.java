package dev.slipway.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import org.jspecify.annotations.Nullable;

/**
 * Holds back the body of the request that upgrades its connection to HTTP/2.
 *
 * <p>That body arrives as HTTP/1.1, before the connection's first HTTP/2 frame and so outside of
 * flow control: pausing the request alone would let Vert.x keep in memory whatever the caller
 * sends. Nothing else can arrive before the body's end, so the whole connection may wait for its
 * reader. Used on the connection's event loop only.
 */
final class UpgradeGate extends ChannelOutboundHandlerAdapter {
  /** Name that Vert.x gives the decoder of HTTP/1.1, which it removes behind the body's end. */
  private static final String DECODER = "httpDecoder";

  private final ChannelPipeline pipeline;
  private boolean closed;

  private UpgradeGate(ChannelPipeline pipeline) {
    this.pipeline = pipeline;
  }

  /** Puts a gate before a connection that is being upgraded; others need none. */
  static void install(ChannelPipeline pipeline) {
    if (pipeline.get(DECODER) != null) {
      pipeline.addFirst(new UpgradeGate(pipeline));
    }
  }

  /** A connection's gate; null if it came without an upgrade. */
  static @Nullable UpgradeGate of(HttpConnection connection) {
    return connection instanceof HttpServerConnection known
        ? known.channelHandlerContext().pipeline().get(UpgradeGate.class)
        : null;
  }

  /** Receives no more, unless the body that upgrades has ended: others have flow control. */
  void close() {
    if (pipeline.get(DECODER) != null) {
      closed = true;
      pipeline.channel().config().setAutoRead(false);
    }
  }

  void open() {
    if (closed) {
      closed = false;
      pipeline.channel().config().setAutoRead(true);
    }
  }

  /** HTTP/2's handler asks for more after each read, whatever the channel is set to. */
  @Override
  public void read(ChannelHandlerContext context) {
    if (!closed) {
      context.read();
    }
  }
}
