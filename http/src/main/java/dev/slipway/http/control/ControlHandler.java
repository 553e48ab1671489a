package dev.slipway.http.control;

import io.prometheus.metrics.model.registry.MultiCollector;
import java.util.List;

/** Answers the control API. Called on a virtual thread; may block. */
public interface ControlHandler {
  /** Never throws: errors are answered as {@code application/problem+json}. */
  ControlResponse handle(ControlRequest request);

  /** What it adds to {@code /metrics}. */
  default List<MultiCollector> collectors() {
    return List.of();
  }
}
