package dev.slipway.serving.testing;

import dev.slipway.serving.ServingLoop;
import dev.slipway.serving.ServingLoop.InFlight;
import dev.slipway.serving.ServingPlane;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** An event loop of one thread. */
public final class LoopThread implements AutoCloseable {
  private final ExecutorService thread;
  public final ServingLoop loop;

  public LoopThread(ServingPlane plane) {
    thread =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("test-loop").factory());
    loop = plane.openLoop(thread);
  }

  /** Runs on the loop's thread and waits for the result. */
  public <T> T call(Supplier<T> body) {
    try {
      return CompletableFuture.supplyAsync(body, thread).get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("the loop did not answer", e);
    }
  }

  public void post(Runnable body) {
    thread.execute(body);
  }

  /** Submits one row. */
  public Answer send(String model, double a) {
    return send(model, a, 0.5, CompletableFuture.completedFuture(null));
  }

  /** Submits one row and completes {@code handle} with what cancels it. */
  public Answer send(String model, double a, double b, CompletableFuture<InFlight> handle) {
    Answer answer = new Answer();
    post(
        () ->
            handle.complete(
                loop.submit(
                    RowRequests.request(loop.buffers(), model, 1, a, b),
                    RowRequests.context("r" + a),
                    answer)));
    return answer;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
