package dev.slipway.cli.command;

import dev.slipway.cli.output.Progress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Shows that a blocking call is still under way. */
final class Waiting {
  private Waiting() {}

  /** Runs {@code work} on this thread while another one tells how long it has taken. */
  static <T> T during(Progress progress, String activity, Supplier<T> work) {
    CountDownLatch done = new CountDownLatch(1);
    long startNanos = System.nanoTime();
    Thread teller =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    while (!done.await(200, TimeUnit.MILLISECONDS)) {
                      progress.waiting(activity, Duration.ofNanos(System.nanoTime() - startNanos));
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    try {
      return work.get();
    } finally {
      done.countDown();
      joined(teller);
      progress.end();
    }
  }

  private static void joined(Thread teller) {
    try {
      teller.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
