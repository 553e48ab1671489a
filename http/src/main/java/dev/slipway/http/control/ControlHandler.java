package dev.slipway.http.control;

/** Answers the control API. Called on a virtual thread; may block. */
public interface ControlHandler {
  /** Never throws: errors are answered as {@code application/problem+json}. */
  ControlResponse handle(ControlRequest request);
}
