package dev.slipway.http.control;

import dev.slipway.core.error.ErrorCode;
import io.prometheus.metrics.model.registry.MultiCollector;
import java.util.List;

/** Answers what lies below a prefix. Called on a virtual thread; may block. */
public interface ControlHandler {
  /** Never throws: errors are answered in the form of its protocol. */
  ControlResponse handle(ControlRequest request);

  /**
   * The answer to a request that never reached {@link #handle}, or failed in it.
   *
   * @param message for the caller
   */
  default ControlResponse refusal(ErrorCode code, String message, String requestId) {
    return new ControlResponse(
        code.httpStatus(),
        "application/problem+json",
        ControlJson.bytes(ControlJson.problem(code, message, requestId)));
  }

  /** What it adds to {@code /metrics}. */
  default List<MultiCollector> collectors() {
    return List.of();
  }
}
