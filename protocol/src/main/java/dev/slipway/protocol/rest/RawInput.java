package dev.slipway.protocol.rest;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.protocol.tensor.TensorIntake;
import dev.slipway.protocol.tensor.TensorPath;
import java.nio.ByteBuffer;

/** A body that is nothing but the content of a model's only input. */
final class RawInput {
  private static final TensorPath PATH = new TensorPath("body", "");

  private RawInput() {}

  static Tensor read(TensorIntake intake, ModelSignature signature, ByteBuffer body) {
    if (signature.inputs().size() != 1) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "Inference-Header-Content-Length: 0 (expected: > 0, since the model has %d inputs; a raw body is for models of one)"
              .formatted(signature.inputs().size()));
    }
    TensorSpec spec = signature.inputs().getFirst();
    int bytes = body.remaining();
    if (spec.datatype() == DataType.BYTES) {
      return oneString(intake, spec, body);
    }
    Shape shape = solve(spec, bytes);
    long count = intake.elementCount(PATH, shape);
    intake.checkBinarySize(PATH, spec.datatype(), shape, count, bytes);
    ByteBuffer content = intake.take(bytes);
    content.put(0, body, body.position(), bytes);
    intake.checkBinaryContent(PATH, spec.datatype(), count, content);
    return new Tensor(spec.name(), spec.datatype(), shape, content);
  }

  private static Tensor oneString(TensorIntake intake, TensorSpec spec, ByteBuffer body) {
    long[] dimensions = spec.shape().toArray();
    for (int i = 0; i < dimensions.length; i++) {
      if (dimensions[i] == Shape.DYNAMIC) {
        dimensions[i] = 1;
      }
    }
    Shape shape = Shape.of(dimensions);
    if (intake.elementCount(PATH, shape) != 1) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "body: a raw string (expected: JSON, since input %s has shape %s; a raw body is for one element)"
              .formatted(spec.name(), spec.shape()));
    }
    int bytes = body.remaining();
    intake.checkStringBytes(PATH, 0, bytes);
    ByteBuffer content = intake.take(Math.addExact(4, bytes));
    content.putInt(0, bytes);
    content.put(4, body, body.position(), bytes);
    return new Tensor(spec.name(), spec.datatype(), shape, content);
  }

  /** The shape whose one dynamic dimension makes the bytes come out; unchecked if there is none. */
  private static Shape solve(TensorSpec spec, int bytes) {
    long[] dimensions = spec.shape().toArray();
    int dynamic = -1;
    long others = spec.datatype().byteSize();
    for (int i = 0; i < dimensions.length; i++) {
      if (dimensions[i] != Shape.DYNAMIC) {
        others = Math.multiplyExact(others, dimensions[i]);
      } else if (dynamic < 0) {
        dynamic = i;
      } else {
        throw new SlipwayException(
            ErrorCode.BAD_REQUEST,
            "body: raw content of input %s (expected: JSON with a shape, since more than one dimension of %s is dynamic)"
                .formatted(spec.name(), spec.shape()));
      }
    }
    if (dynamic >= 0) {
      if (others == 0 || bytes % others != 0) {
        throw new SlipwayException(
            ErrorCode.BAD_REQUEST,
            "body: %d bytes (expected: a multiple of %d, %s of shape %s)"
                .formatted(bytes, others, spec.datatype(), spec.shape()));
      }
      dimensions[dynamic] = bytes / others;
    }
    return Shape.of(dimensions);
  }
}
