package dev.slipway.protocol.rest;

import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.inference.RequestedOutput;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.protocol.json.ByteSink;
import dev.slipway.protocol.json.JsonWriter;
import dev.slipway.protocol.tensor.Classification;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the answer to {@code POST /v2/models/{m}/infer}. Floating-point numbers are written as
 * the shortest text that reads back as the same number; elements are flat, row-major. Reusable, not
 * thread-safe.
 */
public final class V2ResponseEncoder {
  /** Returned by {@link #encode} for an answer without binary tensors. */
  public static final int ALL_JSON = -1;

  private final JsonWriter json = new JsonWriter(new ByteSink(1, 1));
  private final TensorDataWriter data = new TensorDataWriter(json);
  private final List<Tensor> blobs = new ArrayList<>();

  /**
   * Appends the answer to {@code sink}.
   *
   * @return the length of the JSON part, to be sent as {@code Inference-Header-Content-Length}, if
   *     any output is binary; {@link #ALL_JSON} if none is, and the header must be left out
   * @throws SlipwayException OUTPUT_INVALID if an output cannot be written as JSON; BAD_REQUEST if
   *     an output cannot be classified. The sink is then as it was
   */
  public int encode(InferenceResponse response, ResponseForm form, ByteSink sink) {
    int start = sink.length();
    boolean complete = false;
    blobs.clear();
    try {
      json.reset(sink);
      json.beginObject();
      json.name("model_name").value(response.model());
      json.name("model_version").value(Integer.toString(response.version().ref().version()));
      json.name("id").value(response.id());
      json.name("outputs").beginArray();
      List<Tensor> outputs = response.outputs();
      for (int i = 0; i < outputs.size(); i++) {
        writeOutput(outputs.get(i), i, form);
      }
      json.endArray().endObject();
      int jsonLength = sink.length() - start;
      for (int i = 0; i < blobs.size(); i++) {
        Tensor blob = blobs.get(i);
        sink.put(blob.data(), 0, blob.byteLength());
      }
      complete = true;
      return blobs.isEmpty() ? ALL_JSON : jsonLength;
    } finally {
      blobs.clear();
      if (!complete) {
        sink.truncate(start);
      }
    }
  }

  private void writeOutput(Tensor output, int position, ResponseForm form) {
    RequestedOutput requested = requested(form.outputs(), position, output.name());
    Tensor tensor = output;
    boolean binary = form.binary();
    if (requested != null) {
      if (requested.classes() > 0) {
        tensor = Classification.of(output, requested.classes());
      }
      binary =
          switch (requested.encoding()) {
            case DEFAULT -> form.binary();
            case JSON -> false;
            case BINARY -> true;
          };
    }
    json.beginObject();
    json.name("name").value(tensor.name());
    json.name("datatype").value(tensor.datatype().name());
    json.name("shape").beginArray();
    Shape shape = tensor.shape();
    for (int i = 0; i < shape.rank(); i++) {
      json.value(shape.dimension(i));
    }
    json.endArray();
    if (binary) {
      json.name("parameters").beginObject();
      json.name("binary_data_size").value(tensor.byteLength()).endObject();
      blobs.add(tensor);
    } else {
      json.name("data").beginArray();
      if (tensor.datatype() == DataType.BYTES) {
        data.writeStrings(tensor, 0, tensor.elementCount(), 0);
      } else {
        data.writeFixed(tensor, 0, tensor.elementCount(), form.nonFiniteAsStrings());
      }
      json.endArray();
    }
    json.endObject();
  }

  private static @Nullable RequestedOutput requested(
      List<RequestedOutput> outputs, int position, String name) {
    if (position < outputs.size() && outputs.get(position).name().equals(name)) {
      return outputs.get(position);
    }
    for (int i = 0; i < outputs.size(); i++) {
      if (outputs.get(i).name().equals(name)) {
        return outputs.get(i);
      }
    }
    return null;
  }
}
