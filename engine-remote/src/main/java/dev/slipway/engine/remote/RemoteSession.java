package dev.slipway.engine.remote;

import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.engine.InferenceSession;
import java.net.http.HttpResponse;
import java.util.List;

/** Asks the other server for each run; keeps nothing between two. */
final class RemoteSession implements InferenceSession {
  private final RemoteClient client;
  private final RemoteEndpoint endpoint;
  private final RequestEncoder encoder;
  private final ResponseDecoder decoder;

  RemoteSession(
      RemoteClient client, RemoteEndpoint endpoint, ModelSignature signature, boolean binary) {
    this.client = client;
    this.endpoint = endpoint;
    this.encoder = new RequestEncoder(signature, binary);
    this.decoder = new ResponseDecoder(signature, endpoint.inferUri());
  }

  @Override
  public List<Tensor> infer(List<Tensor> inputs, long deadlineNanos) {
    RequestEncoder.Encoded request = encoder.encode(inputs);
    HttpResponse<byte[]> response =
        client.post(
            endpoint.inferUri(),
            request.body(),
            request.jsonBytes(),
            endpoint.timeout(),
            deadlineNanos);
    String jsonBytes = response.headers().firstValue(RemoteClient.HEADER_LENGTH).orElse("");
    return decoder.decode(response.body(), jsonBytes);
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
