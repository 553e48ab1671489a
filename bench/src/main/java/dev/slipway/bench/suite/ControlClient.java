package dev.slipway.bench.suite;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** What the suite asks of a server's control API. Thread-safe. */
final class ControlClient implements AutoCloseable {
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int port;

  ControlClient(int port) {
    this.port = port;
  }

  /** Registers an artifact of these files as the model's next version. */
  void register(String model, Map<String, byte[]> files) throws IOException, InterruptedException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue());
      }
    }
    send(
        "POST",
        "models/%s/versions".formatted(model),
        "application/zip",
        BodyPublishers.ofByteArray(bytes.toByteArray()));
  }

  /** Makes the deployment serve that version; it answers when this returns. */
  void deploy(String deployment, String model, int version)
      throws IOException, InterruptedException {
    send(
        "PUT",
        "deployments/" + deployment,
        "application/json",
        BodyPublishers.ofString(
            "{\"model\":\"%s\",\"version\":%d}".formatted(model, version),
            StandardCharsets.US_ASCII));
  }

  /** Puts the deployment back to what it served before; it answers when this returns. */
  void undo(String deployment) throws IOException, InterruptedException {
    send(
        "POST", "deployments/" + deployment + "/undo", "application/json", BodyPublishers.noBody());
  }

  private void send(String method, String path, String type, BodyPublisher body)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(uri("/api/v1/" + path))
                .header("Content-Type", type)
                .method(method, body)
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new IOException(
          "%s %s: %d %s".formatted(method, path, response.statusCode(), response.body()));
    }
  }

  /**
   * A metric without labels.
   *
   * @throws IOException if the server has none of that name
   */
  double metric(String name) throws IOException, InterruptedException {
    String text =
        http.send(
                HttpRequest.newBuilder(uri("/metrics")).build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    return text.lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.split(" ")[1]))
        .findFirst()
        .orElseThrow(() -> new IOException("no metric " + name));
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:%d%s".formatted(port, path));
  }

  @Override
  public void close() {
    http.close();
  }
}
