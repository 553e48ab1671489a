package dev.slipway.serving.batching;

/** Runs a task later, on a thread of its own; the task only hands over to an event loop. */
public interface Timer {
  void schedule(Runnable task, long delayNanos);
}
