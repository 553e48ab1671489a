package dev.slipway.bench.suite;

import dev.slipway.bench.load.InferBodies;
import dev.slipway.bench.process.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** How long the answers are that the floor has to match. */
final class ProbeSize {
  /** A ModelInferResponse of one FP32 score: names, version, id, shape and four bytes. */
  private static final int GRPC_ANSWER_BYTES = 90;

  private ProbeSize() {}

  /** Starts a floor whose answers are as long as those that Slipway gives to these bodies. */
  static ServerProcess floorFor(SuiteRun run, InferBodies bodies)
      throws IOException, InterruptedException {
    return run.subjects().floor(rest(bodies), GRPC_ANSWER_BYTES);
  }

  private static int rest(InferBodies bodies) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<byte[]> response =
          client.send(
              ServerProcess.post(URI.create(Subjects.url(bodies.path())), bodies.json()[0]),
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
