package dev.slipway.http;

import dev.slipway.http.call.CompressionRange;
import dev.slipway.http.limits.HttpLimits;
import dev.slipway.http.tls.TlsFiles;
import dev.slipway.protocol.DecodeLimits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where and how the server listens.
 *
 * @param host name or address to bind
 * @param port {@code 0..65535}; 0 lets the system choose
 * @param eventLoops threads that serve the data plane, {@code >= 1}; one is best where cores are
 *     few
 * @param limits of connections and bodies
 * @param decodeLimits of what is in a body
 * @param drainGrace at close, how long requests on open connections are still answered, each with
 *     the hint to connect elsewhere
 * @param drainTimeout at close, how long accepted requests may take after that
 * @param compression which answers are compressed where the caller accepts it
 * @param serverVersion as the server's metadata names it
 * @param tls the files of its certificate; null speaks in the clear
 */
public record HttpOptions(
    String host,
    int port,
    int eventLoops,
    HttpLimits limits,
    DecodeLimits decodeLimits,
    Duration drainGrace,
    Duration drainTimeout,
    CompressionRange compression,
    String serverVersion,
    @Nullable TlsFiles tls) {
  public static final HttpOptions DEFAULT =
      new HttpOptions(
          "127.0.0.1",
          8080,
          1,
          HttpLimits.DEFAULT,
          DecodeLimits.DEFAULT,
          Duration.ofMillis(300),
          Duration.ofSeconds(30),
          CompressionRange.DEFAULT,
          "development",
          null);

  public HttpOptions {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: %d (expected: 0..65535)".formatted(port));
    }
    if (eventLoops < 1) {
      throw new IllegalArgumentException("event_loops: %d (expected: >= 1)".formatted(eventLoops));
    }
    if (drainGrace.isNegative() || drainTimeout.isNegative()) {
      throw new IllegalArgumentException(
          "drain: %s, %s (expected: no negative duration)".formatted(drainGrace, drainTimeout));
    }
  }

  public HttpOptions withAddress(String newHost, int newPort) {
    return copy(newHost, newPort, eventLoops, limits, serverVersion);
  }

  public HttpOptions withEventLoops(int count) {
    return copy(host, port, count, limits, serverVersion);
  }

  public HttpOptions withLimits(HttpLimits newLimits) {
    return copy(host, port, eventLoops, newLimits, serverVersion);
  }

  public HttpOptions withTls(TlsFiles files) {
    return new HttpOptions(
        host,
        port,
        eventLoops,
        limits,
        decodeLimits,
        drainGrace,
        drainTimeout,
        compression,
        serverVersion,
        files);
  }

  public HttpOptions withServerVersion(String version) {
    return copy(host, port, eventLoops, limits, version);
  }

  private HttpOptions copy(
      String newHost, int newPort, int loops, HttpLimits newLimits, String version) {
    return new HttpOptions(
        newHost,
        newPort,
        loops,
        newLimits,
        decodeLimits,
        drainGrace,
        drainTimeout,
        compression,
        version,
        tls);
  }
}
