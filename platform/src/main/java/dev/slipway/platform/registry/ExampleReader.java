package dev.slipway.platform.registry;

import dev.slipway.core.tensor.Tensor;
import java.util.List;

/** Reads an example request as the server reads real ones. Thread-safe. */
public interface ExampleReader {
  /**
   * @param request V2 JSON
   * @return its inputs, in buffers of their own
   * @throws dev.slipway.core.error.SlipwayException of class CALLER if it is no V2 request
   */
  List<Tensor> inputs(String request);
}
