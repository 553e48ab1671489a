package dev.slipway.protocol.metadata;

import dev.slipway.core.model.ModelSignature;
import java.util.List;
import java.util.Map;

/**
 * Answer to {@code GET /v2/models/{m}}.
 *
 * @param name deployment's name
 * @param versions version numbers that answer, as text
 * @param platform what runs the model, {@code onnxruntime_onnx} and the like
 * @param properties anything else worth telling; left out of the answer where it is empty
 */
public record ModelMetadata(
    String name,
    List<String> versions,
    String platform,
    ModelSignature signature,
    Map<String, String> properties) {
  public ModelMetadata {
    versions = List.copyOf(versions);
    properties = Map.copyOf(properties);
  }
}
