package dev.slipway.http.trace;

/** A request that is being recorded. Used by one thread at a time. */
public interface RequestSpan {
  /** What downstream calls and the answer carry. */
  TraceContext context();

  RequestSpan attribute(String key, String value);

  /**
   * A stage that has ended.
   *
   * @param startNanos {@link System#nanoTime()}
   * @param endNanos {@link System#nanoTime()}, {@code >= startNanos}
   */
  void stage(String name, long startNanos, long endNanos);

  /** Marks the request as failed. */
  void failed(String code, String message);

  /** Ends the span; called once. */
  void end();
}
