package dev.slipway.engine.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads inference answers, and believes nothing of them that it has not checked. */
final class ResponseDecoder {
  private final ModelSignature signature;
  private final URI uri;

  ResponseDecoder(ModelSignature signature, URI uri) {
    this.signature = signature;
    this.uri = uri;
  }

  /**
   * @param jsonLength header that gives the length of the JSON; empty means all
   * @return every output in the signature's order
   * @throws SlipwayException UPSTREAM_FAILED if the answer does not follow the protocol or the
   *     signature
   */
  List<Tensor> decode(byte[] body, String jsonLength) {
    int jsonBytes = jsonBytes(body, jsonLength);
    Map<String, Tensor> outputs = new HashMap<>();
    int at = jsonBytes;
    for (JsonNode output : RemoteClient.json(uri, body, 0, jsonBytes).path("outputs")) {
      String name = output.path("name").asText("");
      DataType datatype = MetadataReader.datatype(uri, name, output);
      Shape shape = MetadataReader.shape(uri, name, output);
      JsonNode size = output.path("parameters").path("binary_data_size");
      ByteBuffer data;
      if (size.isMissingNode()) {
        data = fromJson(name, datatype, output.path("data"));
      } else {
        if (!size.canConvertToInt() || size.asInt() < 0 || size.asInt() > body.length - at) {
          throw RemoteClient.invalid(
              uri,
              "%s.binary_data_size: %s (expected: 0..%d)".formatted(name, size, body.length - at));
        }
        data = ByteBuffer.wrap(body, at, size.asInt()).slice().order(ByteOrder.LITTLE_ENDIAN);
        at += size.asInt();
      }
      requireSize(name, datatype, shape, data);
      outputs.put(name, new Tensor(name, datatype, shape, data));
    }
    return signature.outputs().stream().map(spec -> matching(spec, outputs)).toList();
  }

  private int jsonBytes(byte[] body, String jsonLength) {
    if (jsonLength.isEmpty()) {
      return body.length;
    }
    try {
      int length = Integer.parseInt(jsonLength);
      if (length >= 0 && length <= body.length) {
        return length;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message.
    }
    throw RemoteClient.invalid(
        uri,
        "%s: %s (expected: 0..%d)".formatted(RemoteClient.HEADER_LENGTH, jsonLength, body.length));
  }

  private ByteBuffer fromJson(String name, DataType datatype, JsonNode data) {
    if (!data.isArray()) {
      throw RemoteClient.invalid(uri, name + ": no data");
    }
    try {
      return JsonTensors.read(data, datatype);
    } catch (IllegalArgumentException e) {
      throw RemoteClient.invalid(uri, "%s: %s".formatted(name, e.getMessage()));
    }
  }

  private void requireSize(String name, DataType datatype, Shape shape, ByteBuffer data) {
    long elements;
    try {
      elements = shape.elementCount();
    } catch (ArithmeticException e) {
      throw RemoteClient.invalid(uri, "%s.shape: %s".formatted(name, shape));
    }
    long found =
        datatype.isFixedSize()
            ? data.limit() % datatype.byteSize() == 0 ? data.limit() / datatype.byteSize() : -1
            : strings(data);
    if (found != elements) {
      throw RemoteClient.invalid(
          uri,
          "%s: %d bytes (expected: %d elements of %s)"
              .formatted(name, data.limit(), elements, datatype));
    }
  }

  /** How many strings lie in the buffer; -1 if their lengths do not add up. */
  private static long strings(ByteBuffer data) {
    long count = 0;
    int at = 0;
    while (at < data.limit()) {
      if (data.limit() - at < Integer.BYTES) {
        return -1;
      }
      int length = data.getInt(at);
      at += Integer.BYTES;
      if (length < 0 || length > data.limit() - at) {
        return -1;
      }
      at += length;
      count++;
    }
    return count;
  }

  private Tensor matching(TensorSpec spec, Map<String, Tensor> outputs) {
    Tensor output = outputs.get(spec.name());
    if (output == null) {
      throw RemoteClient.invalid(uri, "output '%s' is missing".formatted(spec.name()));
    }
    if (output.datatype() != spec.datatype() || !spec.shape().accepts(output.shape())) {
      throw RemoteClient.invalid(
          uri,
          "output '%s': %s %s (expected: %s %s)"
              .formatted(
                  spec.name(), output.datatype(), output.shape(), spec.datatype(), spec.shape()));
    }
    return output;
  }
}
