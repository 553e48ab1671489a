package dev.slipway.server;

import dev.slipway.server.config.ServerConfig;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** What {@code up} prints when the server answers; only lines whose service does. */
final class Banner {
  private static final String FIRST_PERSON =
      "First person %-25s makes your account, once%n".formatted("slipway user claim NAME");

  private Banner() {}

  /**
   * @param startNanos time since {@code main} began; the virtual machine's own start is added
   */
  static String text(ServerConfig config, Slipway slipway, long startNanos) {
    long sinceStart =
        Math.max(
            startNanos / 1_000_000,
            System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime());
    String base = url(config, slipway.port());
    return String.format(
            Locale.ROOT,
            """
            Slipway %-30s ready in %.1f s
            Inference    %-25s gRPC on the same port
            MLflow API   %-25s export MLFLOW_TRACKING_URI=%s
            Metrics      %s
            Control API  %-25s %s
            Data         %-25s Ctrl-C stops; nothing is lost
            """,
            ServerConfig.version(),
            sinceStart / 1000.0,
            base + "/v2",
            base,
            base,
            base + "/metrics",
            base + "/api/v1",
            base + "/openapi.json",
            config.data() + " (kept)")
        + (slipway.invited() ? FIRST_PERSON : "");
  }

  /** Where people and the command line find the server. */
  static String url(ServerConfig config, int port) {
    return (config.http().tls() == null ? "http://" : "https://")
        + shownHost(config.http().host())
        + ":"
        + port;
  }

  private static String shownHost(String host) {
    return switch (host) {
      case "127.0.0.1", "0.0.0.0", "::", "::1" -> "localhost";
      default -> host.contains(":") ? "[" + host + "]" : host;
    };
  }
}
