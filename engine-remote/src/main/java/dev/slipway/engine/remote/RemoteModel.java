package dev.slipway.engine.remote;

import dev.slipway.core.model.ModelSignature;
import dev.slipway.serving.engine.InferenceSession;
import dev.slipway.serving.engine.LoadedModel;

/** A model on another server; holds nothing but its name and signature. */
final class RemoteModel implements LoadedModel {
  private final RemoteClient client;
  private final RemoteEndpoint endpoint;
  private final ModelSignature signature;
  private final boolean binary;

  /**
   * @param binary whether the server takes and gives tensors as bytes
   */
  RemoteModel(
      RemoteClient client, RemoteEndpoint endpoint, ModelSignature signature, boolean binary) {
    this.client = client;
    this.endpoint = endpoint;
    this.signature = signature;
    this.binary = binary;
  }

  @Override
  public ModelSignature signature() {
    return signature;
  }

  /** Nothing here: the weights are the other server's. */
  @Override
  public long memoryBytes() {
    return 0;
  }

  @Override
  public boolean blocks() {
    return true;
  }

  @Override
  public InferenceSession openSession() {
    return new RemoteSession(client, endpoint, signature, binary);
  }

  @Override
  public void close() {
    // Connections belong to the engine, which keeps them for its other models.
  }
}
