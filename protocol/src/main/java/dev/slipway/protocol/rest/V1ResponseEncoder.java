package dev.slipway.protocol.rest;

import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.protocol.json.ByteSink;
import dev.slipway.protocol.json.JsonWriter;
import java.util.List;

/**
 * Encodes the answer to KServe's {@code POST /v1/models/{m}:predict}: {@code {"predictions":
 * [...]}}, nested as the outputs' shapes. One output gives its rows; several give an object of
 * output names for each row, or one object of whole tensors where they do not have the same number
 * of rows. Reusable, not thread-safe.
 */
public final class V1ResponseEncoder {
  private final JsonWriter json = new JsonWriter(new ByteSink(1, 1));
  private final TensorDataWriter data = new TensorDataWriter(json);
  private boolean nonFiniteAsStrings;

  /** Where the next string of a BYTES tensor stands. */
  private int stringOffset;

  /**
   * Appends the answer to {@code sink}.
   *
   * @throws SlipwayException OUTPUT_INVALID if an output cannot be written as JSON; the sink is
   *     then as it was
   */
  public void encode(InferenceResponse response, ResponseForm form, ByteSink sink) {
    int start = sink.length();
    boolean complete = false;
    nonFiniteAsStrings = form.nonFiniteAsStrings();
    try {
      json.reset(sink);
      json.beginObject().name("predictions");
      writePredictions(response.outputs());
      json.endObject();
      complete = true;
    } finally {
      if (!complete) {
        sink.truncate(start);
      }
    }
  }

  private void writePredictions(List<Tensor> outputs) {
    if (outputs.size() == 1) {
      stringOffset = 0;
      writeLevel(outputs.getFirst(), 0, 0);
    } else if (sameRows(outputs)) {
      writeRows(outputs);
    } else {
      json.beginObject();
      for (Tensor output : outputs) {
        json.name(output.name());
        stringOffset = 0;
        writeLevel(output, 0, 0);
      }
      json.endObject();
    }
  }

  private static boolean sameRows(List<Tensor> outputs) {
    for (Tensor output : outputs) {
      Shape shape = output.shape();
      if (shape.rank() == 0 || shape.dimension(0) != outputs.getFirst().shape().dimension(0)) {
        return false;
      }
    }
    return !outputs.isEmpty();
  }

  private void writeRows(List<Tensor> outputs) {
    int rows = Math.toIntExact(outputs.getFirst().shape().dimension(0));
    int[] stringOffsets = new int[outputs.size()];
    json.beginArray();
    for (int row = 0; row < rows; row++) {
      json.beginObject();
      for (int i = 0; i < outputs.size(); i++) {
        Tensor output = outputs.get(i);
        json.name(output.name());
        stringOffset = stringOffsets[i];
        writeLevel(output, 1, row * output.shape().elementsPerRow());
        stringOffsets[i] = stringOffset;
      }
      json.endObject();
    }
    json.endArray();
  }

  /**
   * Writes the part of a tensor that starts at {@code first} and spans the dimensions from {@code
   * level} on.
   */
  private void writeLevel(Tensor tensor, int level, long first) {
    Shape shape = tensor.shape();
    if (level == shape.rank()) {
      writeElements(tensor, first, 1);
      return;
    }
    json.beginArray();
    long length = shape.dimension(level);
    if (level == shape.rank() - 1) {
      writeElements(tensor, first, length);
    } else {
      long stride = 1;
      for (int i = level + 1; i < shape.rank(); i++) {
        stride *= shape.dimension(i);
      }
      for (long i = 0; i < length; i++) {
        writeLevel(tensor, level + 1, first + i * stride);
      }
    }
    json.endArray();
  }

  private void writeElements(Tensor tensor, long first, long count) {
    if (tensor.datatype() == DataType.BYTES) {
      stringOffset = data.writeStrings(tensor, first, count, stringOffset);
    } else {
      data.writeFixed(tensor, first, count, nonFiniteAsStrings);
    }
  }
}
