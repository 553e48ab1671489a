package dev.slipway.engine.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.serving.engine.ModelEngine;

/**
 * Proxies inference to any server that speaks the Open Inference Protocol V2 over REST. Tensors
 * travel as bytes where the server lists the extension {@code binary_tensor_data}, else as JSON.
 * Thread-safe.
 *
 * <p>The signature is what the server says of the model, so that reading it, like every run, needs
 * the server: UPSTREAM_FAILED is the answer while it is away. What the server refuses with 400 or
 * 422 comes back as VALUE_REJECTED with its own words.
 */
public final class RemoteEngine implements ModelEngine {
  public static final String NAME = "remote";

  private final RemoteClient client = new RemoteClient();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean supports(ModelArtifact artifact) {
    return artifact.format() == ArtifactFormat.REMOTE_V2;
  }

  @Override
  public ModelSignature inspect(ModelArtifact artifact) {
    return signature(endpoint(artifact));
  }

  @Override
  public LoadedModel load(ModelArtifact artifact, EngineSettings settings) {
    RemoteEndpoint endpoint = endpoint(artifact);
    JsonNode extensions = client.get(endpoint.serverUri(), endpoint.timeout()).path("extensions");
    boolean binary = false;
    for (JsonNode extension : extensions) {
      binary |= extension.asText().equals("binary_tensor_data");
    }
    return new RemoteModel(client, endpoint, signature(endpoint), binary);
  }

  private ModelSignature signature(RemoteEndpoint endpoint) {
    return MetadataReader.signature(
        endpoint.modelUri(), client.get(endpoint.modelUri(), endpoint.timeout()));
  }

  private static RemoteEndpoint endpoint(ModelArtifact artifact) {
    if (artifact.format() != ArtifactFormat.REMOTE_V2) {
      throw new SlipwayException(
          ErrorCode.FORMAT_UNSUPPORTED,
          "engine remote: %s (expected: %s)"
              .formatted(artifact.format(), ArtifactFormat.REMOTE_V2));
    }
    return RemoteEndpoint.read(artifact.primaryFile());
  }
}
