package dev.slipway.server;

import dev.slipway.server.config.ServerConfig;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** What {@code up} prints when the server answers; only lines whose service does. */
final class Banner {
  private Banner() {}

  /**
   * @param startNanos time since {@code main} began; the virtual machine's own start is added
   */
  static String text(ServerConfig config, int port, long startNanos) {
    long sinceStart =
        Math.max(
            startNanos / 1_000_000,
            System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime());
    String base = "http://" + shownHost(config.http().host()) + ":" + port;
    return String.format(
        Locale.ROOT,
        """
        Slipway %-30s ready in %.1f s
        Inference    %-25s gRPC on the same port
        Metrics      %s
        Control API  %-25s %s
        Data         %-25s Ctrl-C stops; nothing is lost
        """,
        ServerConfig.version(),
        sinceStart / 1000.0,
        base + "/v2",
        base + "/metrics",
        base + "/api/v1",
        base + "/openapi.json",
        config.data() + " (kept)");
  }

  private static String shownHost(String host) {
    return switch (host) {
      case "127.0.0.1", "0.0.0.0", "::", "::1" -> "localhost";
      default -> host.contains(":") ? "[" + host + "]" : host;
    };
  }
}
