package dev.slipway.engine.onnx;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Stops the run of one session at its deadline. ONNX Runtime looks at the flag between two nodes of
 * a graph, so a run ends some time after it.
 *
 * <p>Invariant: the flag of a run is never raised once {@link #disarm} for it has returned; the
 * number of the run, read under the lock, sees to that.
 */
final class DeadlineGuard {
  private static final ScheduledExecutorService CLOCK =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("onnx-deadlines").factory());

  private final long options;
  private final Object lock = new Object();
  private long run;
  private boolean raised;

  DeadlineGuard() throws OrtFailure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      OrtApi.call(OrtApi.CREATE_RUN_OPTIONS, out.address());
      options = out.get(JAVA_LONG, 0);
    }
  }

  /** Address of the run options to run with. */
  long options() {
    return options;
  }

  ScheduledFuture<?> arm(long remainingNanos) {
    long armed;
    synchronized (lock) {
      armed = ++run;
    }
    return CLOCK.schedule(() -> raise(armed), remainingNanos, TimeUnit.NANOSECONDS);
  }

  void disarm(ScheduledFuture<?> alarm) {
    alarm.cancel(false);
    synchronized (lock) {
      run++;
      if (raised) {
        raised = false;
        flag(false);
      }
    }
  }

  private void raise(long armed) {
    synchronized (lock) {
      if (run == armed) {
        raised = true;
        flag(true);
      }
    }
  }

  private void flag(boolean terminate) {
    try {
      OrtApi.call(terminate ? OrtApi.SET_TERMINATE : OrtApi.UNSET_TERMINATE, options);
    } catch (OrtFailure e) {
      throw new IllegalStateException(e);
    }
  }

  /** Called by the session between runs, hence while nothing is armed. */
  void close() {
    OrtApi.release(OrtApi.RELEASE_RUN_OPTIONS, options);
  }
}
