package dev.slipway.server.evidence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The real server in a process of its own, which a test may kill. */
final class ServerUnderTest implements AutoCloseable {
  /** 128 and the signal's number, as a virtual machine ends after its shutdown hooks. */
  static final int STOPPED_BY_SIGTERM = 143;

  private static final String READY = "/v2/health/ready";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final int port;
  private final Path log;
  private final HttpClient client = HttpClient.newHttpClient();

  private ServerUnderTest(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /**
   * Starts on that port and waits for nothing.
   *
   * @param more settings of the server, and options of the virtual machine, which begin with -X
   */
  private static ServerUnderTest launch(Path data, int port, String... more)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // As "slipway up" starts it on two cores.
                "-XX:+UseSerialGC",
                "-Xms48m",
                "-XX:MaxNewSize=24m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(Stream.of(more).filter(option -> option.startsWith("-X")).toList());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            "dev.slipway.server.SlipwayMain",
            "--port=" + port,
            "--data=" + data));
    command.addAll(Stream.of(more).filter(option -> !option.startsWith("-X")).toList());
    Path log = Files.createTempFile("slipway-server-", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    // Nothing is left in the home folder of whoever runs the tests.
    builder
        .environment()
        .put("XDG_CONFIG_HOME", data.toAbsolutePath().resolveSibling("config").toString());
    Process process = builder.start();
    return new ServerUnderTest(process, port, log);
  }

  /** Starts on that port and waits until it is ready. */
  static ServerUnderTest start(Path data, int port, String... more)
      throws IOException, InterruptedException {
    ServerUnderTest server = launch(data, port, more);
    server.await(READY);
    return server;
  }

  /** Starts one in which not everything that was deployed can answer. */
  static ServerUnderTest startDegraded(Path data, int port, String... more)
      throws IOException, InterruptedException {
    ServerUnderTest server = launch(data, port, more);
    server.await("/v2/health/live");
    return server;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void await(String probe) throws IOException, InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < until) {
      if (!process.isAlive()) {
        throw new IOException("the server ended with " + process.exitValue() + ": " + log());
      }
      try {
        if (send(request(probe).build()).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // Not listening yet.
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    throw new IOException("the server is not ready after " + PATIENCE + ": " + log());
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(30));
  }

  HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).build());
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  HttpResponse<String> put(String path, String body) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  /** Sends JSON, or nothing, as the holder of a token. */
  HttpResponse<String> sendAs(String token, String method, String path, String body)
      throws IOException, InterruptedException {
    return send(
        request(path)
            .header("authorization", "Bearer " + token)
            .header("content-type", "application/json")
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  /** Registers a model file's text under that file name. */
  HttpResponse<String> register(String name, String filename, String content)
      throws IOException, InterruptedException {
    return send(
        request("/api/v1/models/" + name + "/versions?filename=" + filename)
            .header("Content-Type", "application/octet-stream")
            .POST(HttpRequest.BodyPublishers.ofString(content))
            .build());
  }

  HttpResponse<String> deploy(String deployment, String model, int version)
      throws IOException, InterruptedException {
    return put(
        "/api/v1/deployments/" + deployment,
        "{\"model\":\"%s\",\"version\":%d}".formatted(model, version));
  }

  /** {@code kill -9}. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
    client.close();
  }

  /** Resident memory, bytes; Linux only. */
  long residentBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    throw new IOException("no VmRSS for process " + pid());
  }

  /**
   * SIGTERM, then waits for the end.
   *
   * @return exit code
   */
  int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new IllegalStateException("the server did not stop within a minute: " + log());
    }
    client.close();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
