package dev.slipway.protocol.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelSettings;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.protocol.json.ByteSink;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.List;

/** Tensors and answers to encode. */
public final class V2Fixtures {
  private V2Fixtures() {}

  public static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  public static Tensor floats(String name, Shape shape, float... values) {
    ByteBuffer data = littleEndian(4 * values.length);
    for (float value : values) {
      data.putFloat(value);
    }
    return new Tensor(name, DataType.FP32, shape, data);
  }

  public static Tensor bytes(String name, Shape shape, byte[]... values) {
    int size = 0;
    for (byte[] value : values) {
      size += 4 + value.length;
    }
    ByteBuffer data = littleEndian(size);
    for (byte[] value : values) {
      data.putInt(value.length).put(value);
    }
    return new Tensor(name, DataType.BYTES, shape, data);
  }

  public static Tensor strings(String name, Shape shape, String... values) {
    byte[][] encoded = new byte[values.length][];
    for (int i = 0; i < values.length; i++) {
      encoded[i] = values[i].getBytes(UTF_8);
    }
    return bytes(name, shape, encoded);
  }

  public static InferenceResponse response(Tensor... outputs) {
    ModelVersion version =
        new ModelVersion(
            new ModelRef("fraud-model", 7),
            new ArtifactDigest("sha256:" + "0".repeat(64)),
            ArtifactFormat.ONNX,
            "model.onnx",
            new ModelSignature(List.of(), List.of()),
            ModelSettings.DEFAULT,
            "",
            "",
            1,
            Instant.EPOCH);
    return new InferenceResponse("fraud", version, "r1", List.of(outputs), 0, 0, 1, false);
  }

  public static String json(InferenceResponse response, ResponseForm form) {
    ByteSink sink = new ByteSink();
    new V2ResponseEncoder().encode(response, form, sink);
    return new String(sink.toByteArray(), UTF_8);
  }
}
