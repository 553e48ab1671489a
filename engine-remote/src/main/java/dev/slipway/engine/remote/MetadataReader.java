package dev.slipway.engine.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Reads the metadata of a model as V2 servers give it. */
final class MetadataReader {
  private MetadataReader() {}

  /**
   * @throws SlipwayException UPSTREAM_FAILED if it does not follow the protocol
   */
  static ModelSignature signature(URI uri, JsonNode metadata) {
    List<TensorSpec> inputs = specs(uri, metadata, "inputs");
    List<TensorSpec> outputs = specs(uri, metadata, "outputs");
    if (inputs.isEmpty() || outputs.isEmpty()) {
      throw RemoteClient.invalid(uri, "no inputs or no outputs");
    }
    return new ModelSignature(inputs, outputs);
  }

  private static List<TensorSpec> specs(URI uri, JsonNode metadata, String role) {
    List<TensorSpec> specs = new ArrayList<>();
    for (JsonNode tensor : metadata.path(role)) {
      String name = tensor.path("name").asText("");
      if (name.isEmpty()) {
        throw RemoteClient.invalid(uri, role + ": a tensor without a name");
      }
      specs.add(TensorSpec.of(name, datatype(uri, name, tensor), shape(uri, name, tensor)));
    }
    return specs;
  }

  static DataType datatype(URI uri, String name, JsonNode tensor) {
    String datatype = tensor.path("datatype").asText("");
    try {
      return DataType.of(datatype);
    } catch (SlipwayException e) {
      throw RemoteClient.invalid(uri, "%s: %s".formatted(name, e.getMessage()));
    }
  }

  static Shape shape(URI uri, String name, JsonNode tensor) {
    JsonNode dimensions = tensor.path("shape");
    long[] shape = new long[dimensions.size()];
    for (int i = 0; i < shape.length; i++) {
      JsonNode dimension = dimensions.get(i);
      if (!dimension.canConvertToLong() || dimension.asLong() < Shape.DYNAMIC) {
        throw RemoteClient.invalid(
            uri, "%s.shape: %s (expected: integers >= -1)".formatted(name, dimensions));
      }
      shape[i] = dimension.asLong();
    }
    if (!dimensions.isArray()) {
      throw RemoteClient.invalid(uri, name + ": no shape");
    }
    return Shape.of(shape);
  }
}
