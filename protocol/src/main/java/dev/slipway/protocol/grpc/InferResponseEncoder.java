package dev.slipway.protocol.grpc;

import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.inference.RequestedOutput;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.protocol.json.ByteSink;
import dev.slipway.protocol.tensor.Classification;
import dev.slipway.protocol.tensor.TensorValues;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes a {@code ModelInferResponse}, alone or within a {@code ModelStreamInferResponse}. NaN and
 * infinities need no care here. Reusable, not thread-safe.
 */
public final class InferResponseEncoder {
  private final List<Tensor> outputs = new ArrayList<>();
  private final ProtoWriter proto = new ProtoWriter();

  /**
   * Appends the message.
   *
   * @param requested outputs of the request, for those to be classified
   * @param raw whether the tensors go in {@code raw_output_contents}; they do so in any case where
   *     a datatype has no typed form
   * @throws dev.slipway.core.error.SlipwayException BAD_REQUEST if an output cannot be classified
   */
  public void encode(
      InferenceResponse response, List<RequestedOutput> requested, boolean raw, ByteSink sink) {
    prepare(response, requested);
    try {
      proto.reset(sink);
      writeMessage(response, raw || needsRaw());
    } finally {
      outputs.clear();
    }
  }

  /** Like {@link #encode}, as the {@code infer_response} of a {@code ModelStreamInferResponse}. */
  public void encodeStream(
      InferenceResponse response, List<RequestedOutput> requested, boolean raw, ByteSink sink) {
    prepare(response, requested);
    try {
      proto.reset(sink);
      boolean asRaw = raw || needsRaw();
      proto.delimited(2, messageBytes(response, asRaw));
      writeMessage(response, asRaw);
    } finally {
      outputs.clear();
    }
  }

  /**
   * Appends a {@code ModelStreamInferResponse} that says that one request of the stream failed.
   *
   * @param id of that request, so that its sender can tell which; may be empty
   */
  public void encodeStreamError(String id, String message, ByteSink sink) {
    proto.reset(sink);
    proto.string(1, message);
    proto.delimited(2, ProtoWriter.stringBytes(3, id));
    proto.string(3, id);
  }

  private void prepare(InferenceResponse response, List<RequestedOutput> requested) {
    outputs.clear();
    List<Tensor> tensors = response.outputs();
    for (int i = 0; i < tensors.size(); i++) {
      Tensor tensor = tensors.get(i);
      int classes = classes(requested, tensor.name());
      outputs.add(classes > 0 ? Classification.of(tensor, classes) : tensor);
    }
  }

  private static int classes(List<RequestedOutput> requested, String name) {
    for (int i = 0; i < requested.size(); i++) {
      if (requested.get(i).classes() > 0 && requested.get(i).name().equals(name)) {
        return requested.get(i).classes();
      }
    }
    return 0;
  }

  private boolean needsRaw() {
    for (int i = 0; i < outputs.size(); i++) {
      if (ContentsReader.fieldOf(outputs.get(i).datatype()) == 0) {
        return true;
      }
    }
    return false;
  }

  // ---- sizes, which come before what they measure

  private long messageBytes(InferenceResponse response, boolean raw) {
    long bytes =
        ProtoWriter.stringBytes(1, response.model())
            + ProtoWriter.stringBytes(2, version(response))
            + ProtoWriter.stringBytes(3, response.id());
    for (int i = 0; i < outputs.size(); i++) {
      Tensor tensor = outputs.get(i);
      bytes += ProtoWriter.delimitedBytes(5, outputBytes(tensor, raw));
      if (raw) {
        bytes += ProtoWriter.delimitedBytes(6, tensor.byteLength());
      }
    }
    return bytes;
  }

  private static String version(InferenceResponse response) {
    return Integer.toString(response.version().ref().version());
  }

  private static long outputBytes(Tensor tensor, boolean raw) {
    long bytes =
        ProtoWriter.stringBytes(1, tensor.name())
            + ProtoWriter.stringBytes(2, tensor.datatype().name());
    if (tensor.shape().rank() > 0) {
      bytes += ProtoWriter.delimitedBytes(3, shapeBytes(tensor));
    }
    return raw ? bytes : bytes + ProtoWriter.delimitedBytes(5, contentsBytes(tensor));
  }

  private static long shapeBytes(Tensor tensor) {
    long bytes = 0;
    for (int i = 0; i < tensor.shape().rank(); i++) {
      bytes += ProtoWriter.varintBytes(tensor.shape().dimension(i));
    }
    return bytes;
  }

  /** Bytes of an {@code InferTensorContents}. */
  private static long contentsBytes(Tensor tensor) {
    int field = ContentsReader.fieldOf(tensor.datatype());
    if (tensor.datatype() == DataType.BYTES) {
      ByteBuffer data = tensor.data();
      long bytes = 0;
      for (int at = 0; at < data.limit(); at += 4 + data.getInt(at)) {
        bytes += ProtoWriter.delimitedBytes(field, data.getInt(at));
      }
      return bytes;
    }
    return ProtoWriter.delimitedBytes(field, packedBytes(tensor));
  }

  private static long packedBytes(Tensor tensor) {
    return switch (tensor.datatype()) {
      case FP32, FP64, BOOL -> tensor.byteLength();
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> {
        long bytes = 0;
        int count = tensor.byteLength() / tensor.datatype().byteSize();
        for (int i = 0; i < count; i++) {
          bytes += ProtoWriter.varintBytes(integer(tensor, i));
        }
        yield bytes;
      }
      case FP16, BF16, BYTES ->
          throw new IllegalArgumentException(
              "datatype: %s (expected: one that packs)".formatted(tensor.datatype()));
    };
  }

  // ---- writing

  private void writeMessage(InferenceResponse response, boolean raw) {
    proto.string(1, response.model());
    proto.string(2, version(response));
    proto.string(3, response.id());
    for (int i = 0; i < outputs.size(); i++) {
      writeOutput(outputs.get(i), raw);
    }
    for (int i = 0; raw && i < outputs.size(); i++) {
      ByteBuffer data = outputs.get(i).data();
      proto.delimited(6, data.limit());
      proto.bytes(data, 0, data.limit());
    }
  }

  private void writeOutput(Tensor tensor, boolean raw) {
    proto.delimited(5, outputBytes(tensor, raw));
    proto.string(1, tensor.name());
    proto.string(2, tensor.datatype().name());
    int rank = tensor.shape().rank();
    if (rank > 0) {
      proto.delimited(3, shapeBytes(tensor));
      for (int i = 0; i < rank; i++) {
        proto.varint(tensor.shape().dimension(i));
      }
    }
    if (!raw) {
      proto.delimited(5, contentsBytes(tensor));
      writeContents(tensor);
    }
  }

  private void writeContents(Tensor tensor) {
    int field = ContentsReader.fieldOf(tensor.datatype());
    ByteBuffer data = tensor.data();
    switch (tensor.datatype()) {
      case BYTES -> {
        for (int at = 0; at < data.limit(); at += 4 + data.getInt(at)) {
          proto.delimited(field, data.getInt(at));
          proto.bytes(data, at + 4, data.getInt(at));
        }
      }
      case FP32, FP64, BOOL -> {
        // The wire's form of these is the buffer's: little-endian, or one byte of 0 or 1.
        proto.delimited(field, data.limit());
        proto.bytes(data, 0, data.limit());
      }
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> {
        proto.delimited(field, packedBytes(tensor));
        int count = tensor.byteLength() / tensor.datatype().byteSize();
        for (int i = 0; i < count; i++) {
          proto.varint(integer(tensor, i));
        }
      }
      case FP16, BF16 ->
          throw new IllegalArgumentException(
              "datatype: %s (expected: one with a typed form)".formatted(tensor.datatype()));
    }
  }

  private static long integer(Tensor tensor, int index) {
    return TensorValues.integer(tensor.datatype(), tensor.data(), index);
  }
}
