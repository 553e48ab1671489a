package dev.slipway.bench.suite;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** How long the answers are that the floor has to match. */
final class ProbeSize {
  /** A ModelInferResponse of one FP32 score: names, version, id, shape and four bytes. */
  static final int GRPC_ANSWER_BYTES = 90;

  private ProbeSize() {}

  /** Bytes of a real answer to {@code body}. */
  static int rest(int port, String model, byte[] body) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<byte[]> response =
          client.send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:%d/v2/models/%s/infer".formatted(port, model)))
                  .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw new IOException(
            "probe: "
                + response.statusCode()
                + " "
                + new String(response.body(), StandardCharsets.UTF_8));
      }
      return response.body().length;
    }
  }
}
