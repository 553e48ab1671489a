package dev.slipway.cli.doctor;

import dev.slipway.cli.output.JsonText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checks that need no server. */
public final class MachineChecks {
  private static final long FREE_BYTES_MIN = 100L << 20;
  private static final long FREE_BYTES_ENOUGH = 2L << 30;
  private static final int CONNECT_TIMEOUT_MILLIS = 2000;

  private MachineChecks() {}

  /** Whether the Java that runs this is the one the server needs. */
  public static Check jdk() {
    int feature = Runtime.version().feature();
    String detail = "Java %s in %s".formatted(Runtime.version(), System.getProperty("java.home"));
    return feature == 25
        ? Check.ok("jdk", detail)
        : Check.failed(
            "jdk",
            detail + " (expected: 25)",
            "install a JDK 25, or point SLIPWAY_JAVA_HOME at one");
  }

  /**
   * Whether the data folder can be written, and its disk has room.
   *
   * @param folder need not exist yet
   */
  public static Check disk(Path folder) {
    Path existing = folder.toAbsolutePath().normalize();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
      return Check.failed(
          "disk",
          existing + " cannot be written",
          "make it writable, or choose another folder with slipway up --data DIR");
    }
    long free;
    try {
      free = Files.getFileStore(existing).getUsableSpace();
    } catch (IOException e) {
      return Check.warning("disk", existing + ": " + e.getMessage(), "look at the disk");
    }
    String detail = "%s free for %s".formatted(JsonText.bytes(free), folder);
    if (free < FREE_BYTES_MIN) {
      return Check.failed(
          "disk",
          "%s (expected: at least %s)".formatted(detail, JsonText.bytes(FREE_BYTES_MIN)),
          "free some space, or choose another folder with slipway up --data DIR");
    }
    if (free < FREE_BYTES_ENOUGH) {
      return Check.warning("disk", detail, "free some space before models are registered");
    }
    return Check.ok("disk", detail);
  }

  /**
   * Whether something listens where the server should.
   *
   * @return ok if so; failed if nothing answers there
   */
  public static Check port(URI server) {
    int port = portOf(server);
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(server.getHost(), port), CONNECT_TIMEOUT_MILLIS);
      return Check.ok("port", "something listens on %s:%d".formatted(server.getHost(), port));
    } catch (IOException e) {
      return Check.failed(
          "port",
          "nothing listens on %s:%d: %s".formatted(server.getHost(), port, e.getMessage()),
          "start the server with slipway up, or name another with --url or SLIPWAY_URL");
    }
  }

  private static int portOf(URI server) {
    if (server.getPort() >= 0) {
      return server.getPort();
    }
    return "https".equals(server.getScheme()) ? 443 : 80;
  }
}
