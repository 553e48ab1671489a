package dev.slipway.engine.remote;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes inference requests. */
final class RequestEncoder {
  private static final JsonFactory JSON = new JsonFactory();

  private final ModelSignature signature;
  private final boolean binary;

  /**
   * @param jsonBytes how much of the body is JSON; the tensors follow it
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Encoded(byte[] body, int jsonBytes) {}

  RequestEncoder(ModelSignature signature, boolean binary) {
    this.signature = signature;
    this.binary = binary;
  }

  Encoded encode(List<Tensor> inputs) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream(1_024);
      try (JsonGenerator json = JSON.createGenerator(out)) {
        json.writeStartObject();
        json.writeArrayFieldStart("inputs");
        for (Tensor input : inputs) {
          input(json, input);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("outputs");
        for (TensorSpec output : signature.outputs()) {
          json.writeStartObject();
          json.writeStringField("name", output.name());
          json.writeObjectFieldStart("parameters");
          json.writeBooleanField("binary_data", binary);
          json.writeEndObject();
          json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
      }
      int jsonBytes = out.size();
      if (binary) {
        for (Tensor input : inputs) {
          append(out, input);
        }
      }
      return new Encoded(out.toByteArray(), jsonBytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void input(JsonGenerator json, Tensor input) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", input.name());
    json.writeFieldName("shape");
    long[] shape = input.shape().toArray();
    json.writeArray(shape, 0, shape.length);
    json.writeStringField("datatype", input.datatype().name());
    if (binary) {
      json.writeObjectFieldStart("parameters");
      json.writeNumberField("binary_data_size", input.byteLength());
      json.writeEndObject();
    } else {
      json.writeFieldName("data");
      JsonTensors.write(json, input);
    }
    json.writeEndObject();
  }

  private static void append(ByteArrayOutputStream out, Tensor input) {
    byte[] bytes = new byte[input.byteLength()];
    input.data().get(0, bytes);
    out.writeBytes(bytes);
  }
}
