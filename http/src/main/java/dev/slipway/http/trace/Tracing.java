package dev.slipway.http.trace;

import org.jspecify.annotations.Nullable;

/** Records what a request did. Thread-safe. */
public interface Tracing extends AutoCloseable {
  /** Records nothing and costs nothing; a caller's trace context is still continued. */
  Tracing OFF =
      new Tracing() {
        @Override
        public @Nullable RequestSpan begin(@Nullable TraceContext parent, String name) {
          return null;
        }

        @Override
        public void close() {}
      };

  /**
   * Begins the span of a request now.
   *
   * @param parent the caller's context; null begins a new trace
   * @return null if this request is not recorded
   */
  @Nullable RequestSpan begin(@Nullable TraceContext parent, String name);

  /** Sends what is recorded, for a bounded time. */
  @Override
  void close();
}
