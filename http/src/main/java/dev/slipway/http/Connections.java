package dev.slipway.http;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.http.limits.CallerRate;
import dev.slipway.http.limits.HttpLimits;
import dev.slipway.http.limits.Limit;
import dev.slipway.http.limits.LimitHits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.Http2ServerConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.net.SocketAddress;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Admits connections, and the requests on them, of one event loop. A connection past the limit is
 * told so at its first request; at twice the limit it is closed unheard. A connection counts from
 * its first byte on: one that never sends any is closed when it has been idle for too long.
 */
final class Connections {
  private static final long UNHEARD_MILLIS = 5_000;

  /** Name that Vert.x gives its handler of idle connections. */
  private static final String IDLE = "idle";

  private static final int FLUSHES_TOGETHER_MAX = 256;
  private static final long STOP_LISTENING_MILLIS_MAX = 1_000;

  private final Vertx vertx;
  private final HttpLimits limits;
  private final LimitHits hits;
  private final AtomicInteger open;
  private final Set<HttpConnection> refused = Collections.newSetFromMap(new IdentityHashMap<>());
  private final @Nullable CallerRate rate;
  private final Consumer<HttpConnection> closed;
  private volatile @Nullable Channel listener;

  /**
   * @param open connections of all event loops
   * @param rate of all event loops; null for no limit
   * @param closed is told of each connection that ends
   */
  Connections(
      Vertx vertx,
      HttpLimits limits,
      LimitHits hits,
      AtomicInteger open,
      @Nullable CallerRate rate,
      Consumer<HttpConnection> closed) {
    this.vertx = vertx;
    this.limits = limits;
    this.hits = hits;
    this.open = open;
    this.rate = rate;
    this.closed = closed;
  }

  void opened(HttpConnection connection) {
    if (connection instanceof HttpServerConnection known) {
      Channel channel = known.channelHandlerContext().channel();
      if (listener == null) {
        // Vert.x can only stop listening and close idle connections at once, and a drain wants the
        // first alone, so the listening socket is found through a connection it accepted.
        listener = channel.parent();
      }
      if (known instanceof Http2ServerConnection) {
        prepareHttp2(channel.pipeline());
      }
    }
    int now = open.incrementAndGet();
    connection.closeHandler(
        ignored -> {
          open.decrementAndGet();
          refused.remove(connection);
          closed.accept(connection);
        });
    if (now > limits.connectionsMax()) {
      hits.count(Limit.CONNECTIONS);
      if (now / 2 >= limits.connectionsMax()) {
        connection.close();
      } else {
        refused.add(connection);
        vertx.setTimer(
            UNHEARD_MILLIS,
            ignored -> {
              if (refused.contains(connection)) {
                connection.close();
              }
            });
      }
    }
  }

  private void prepareHttp2(ChannelPipeline pipeline) {
    pipeline.addFirst(StreamErrors.INSTANCE);
    UpgradeGate.install(pipeline);
    // Outside a read Vert.x flushes after each frame, three system calls a gRPC answer. Behind its
    // handler the answers of one turn of the loop are made to leave together.
    pipeline.addLast(new FlushConsolidationHandler(FLUSHES_TOGETHER_MAX, true));
    // A caller that receives an answer confirms what it has read, so that it is enough to watch
    // what arrives; a look at each write costs a listener a frame.
    ChannelHandler idle = pipeline.get(IDLE);
    if (idle != null) {
      pipeline.replace(idle, IDLE, new IdleStateHandler(limits.idleSeconds(), 0, 0));
    }
  }

  /** Accepts no further connections; those that are open stay. Callable from any thread. */
  void stopListening() {
    Channel socket = listener;
    if (socket != null) {
      socket.close().awaitUninterruptibly(STOP_LISTENING_MILLIS_MAX);
    }
  }

  /**
   * Whether a request may be served.
   *
   * @return null if it may, else why not
   */
  @Nullable SlipwayException refusal(HttpConnection connection, long nowNanos) {
    if (!refused.isEmpty() && refused.contains(connection)) {
      return new SlipwayException(
          ErrorCode.TOO_MANY_REQUESTS,
          "connections: more than %d (expected: at most that many)"
              .formatted(limits.connectionsMax()));
    }
    CallerRate limit = rate;
    if (limit == null) {
      return null;
    }
    SocketAddress address = connection.remoteAddress();
    String host = address == null ? null : address.hostAddress();
    if (host == null || isLoopback(host) || limit.tryTake(host, nowNanos)) {
      return null;
    }
    hits.count(Limit.CALLER_RATE);
    return new SlipwayException(
        ErrorCode.RATE_LIMITED,
        "requests: more than %s a second (expected: at most that from one address)"
            .formatted(limits.callerRatePerSecond()));
  }

  /** Whether the refusal of its requests ends the connection. */
  boolean isRefused(HttpConnection connection) {
    return refused.contains(connection);
  }

  private static boolean isLoopback(String host) {
    return host.startsWith("127.") || host.equals("::1") || host.equals("0:0:0:0:0:0:0:1");
  }
}
