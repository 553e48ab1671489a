package dev.slipway.engine.onnx;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs native code that recurses deeply, on a thread with room for it. Address space is all that a
 * larger stack costs.
 */
final class DeepStack {
  private static final long STACK_BYTES = 256L << 20;

  private DeepStack() {}

  /**
   * Runs {@code task} on a thread of its own and waits for it, even when interrupted: native code
   * cannot be stopped.
   */
  static <T> T call(Supplier<T> task) {
    Call<T> call = new Call<>(task);
    Thread thread = new Thread(null, call, "slipway-onnx-start", STACK_BYTES);
    thread.start();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return call.result();
  }

  private static final class Call<T> implements Runnable {
    private final Supplier<T> task;
    private @Nullable T value;
    private @Nullable Throwable failure;

    Call(Supplier<T> task) {
      this.task = task;
    }

    @Override
    public void run() {
      try {
        value = task.get();
      } catch (Throwable e) {
        failure = e;
      }
    }

    T result() {
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      if (failure instanceof Error e) {
        throw e;
      }
      if (value == null) {
        throw new SlipwayException(ErrorCode.INTERNAL, "the start of native code gave no result");
      }
      return value;
    }
  }
}
