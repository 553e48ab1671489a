package dev.slipway.bench.suite;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Exchanges versions 1 and 2 of a deployment of its own model until it is stopped. */
final class Swapping implements AutoCloseable {
  private static final long PAUSE_MILLIS = 500;

  private final ControlClient control;
  private final String deployment;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CompletableFuture<Long> swaps = new CompletableFuture<>();

  /** Starts; version 1 is what the deployment serves now, and again when this has stopped. */
  Swapping(ControlClient control, String deployment) {
    this.control = control;
    this.deployment = deployment;
    Thread.ofPlatform().name("swapping").daemon().start(this::swap);
  }

  private void swap() {
    try {
      long count = 0;
      while (!stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        control.deploy(deployment, deployment, 2);
        stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        control.undo(deployment);
        count += 2;
      }
      swaps.complete(count);
    } catch (IOException | InterruptedException e) {
      swaps.completeExceptionally(e);
    }
  }

  /**
   * Stops and waits until it has.
   *
   * @return exchanges since the start
   * @throws IOException if one failed
   */
  long stop() throws IOException, InterruptedException {
    stopped.countDown();
    try {
      return swaps.get();
    } catch (ExecutionException e) {
      throw new IOException("a hot swap failed", e.getCause());
    }
  }

  @Override
  public void close() {
    stopped.countDown();
  }
}
