package dev.slipway.serving.engine;

import dev.slipway.core.tensor.Tensor;
import java.util.List;

/**
 * Runs a model, on one thread at a time. Not thread-safe; may keep buffers between calls so that a
 * steady load allocates next to nothing.
 */
public interface InferenceSession extends AutoCloseable {
  /**
   * @param inputs validated against the signature, in the signature's order (an optional one left
   *     out is absent); direct or heap, little-endian
   * @param deadlineNanos {@link System#nanoTime()} after which the answer is useless; engines that
   *     can stop, do; {@link Long#MAX_VALUE} means none
   * @return every output in the signature's order, little-endian, valid until the next call on this
   *     session or its close
   * @throws dev.slipway.core.error.SlipwayException INFERENCE_FAILED, or UPSTREAM_FAILED from a
   *     remote engine, or VALUE_REJECTED where the model itself refuses a value
   */
  List<Tensor> infer(List<Tensor> inputs, long deadlineNanos);

  @Override
  void close();
}
