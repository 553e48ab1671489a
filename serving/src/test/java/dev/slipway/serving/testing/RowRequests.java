package dev.slipway.serving.testing;

import dev.slipway.core.inference.InferenceRequest;
import dev.slipway.core.inference.Protocol;
import dev.slipway.core.inference.RequestParameters;
import dev.slipway.core.tensor.BufferSource;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.CallContext;
import java.nio.ByteBuffer;
import java.util.List;

/** Requests for {@link RowEngine}. */
public final class RowRequests {
  private RowRequests() {}

  /** Rows {@code (first, b), (first + 1, b), ...}. */
  public static InferenceRequest request(
      BufferSource buffers, String model, int rows, double first, double b) {
    return request(buffers, model, rows, first, b, RequestParameters.DEFAULT);
  }

  public static InferenceRequest request(
      BufferSource buffers,
      String model,
      int rows,
      double first,
      double b,
      RequestParameters parameters) {
    ByteBuffer data = buffers.take(rows * 16);
    for (int row = 0; row < rows; row++) {
      data.putDouble(row * 16, first + row).putDouble(row * 16 + 8, b);
    }
    return new InferenceRequest(
        model,
        0,
        "",
        List.of(new Tensor("x", DataType.FP64, Shape.of(rows, 2), data)),
        List.of(),
        parameters);
  }

  public static CallContext context(String id, long nowNanos, long deadlineNanos) {
    return new CallContext(id, id, Protocol.INTERNAL, nowNanos, nowNanos, deadlineNanos);
  }

  public static CallContext context(String id) {
    return context(id, System.nanoTime(), CallContext.NO_DEADLINE);
  }
}
