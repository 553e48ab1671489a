package dev.slipway.core.drift;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Counting is on the path of every prediction: it must leave nothing for the collector. */
class CounterAllocationTest {
  private static final int VALUES = 100_000;

  /** Less than a tenth of a byte a value; one small object each would be sixteen bytes. */
  private static final long BYTES_MAX = VALUES / 10;

  @Test
  void countingDoesNotAllocate() {
    double[] values = new Random(1).doubles(VALUES).toArray();
    NumericCounter numbers =
        new NumericCounter(NumericReference.of("f", values, 0, BinRules.DEFAULT));
    CategoricalCounter texts =
        new CategoricalCounter(
            CategoricalReference.of("f", Map.of("a", 1L, "b", 1L), 0, BinRules.DEFAULT));
    String[] words = {"a", "b", "unseen"};

    long bytes = allocated(() -> count(numbers, values, texts, words));

    assertThat(bytes).isLessThan(BYTES_MAX);
    assertThat(numbers.counts().total()).isEqualTo(2 * VALUES);
    assertThat(texts.counts().total()).isEqualTo(2 * VALUES);
  }

  private static void count(
      NumericCounter numbers, double[] values, CategoricalCounter texts, String[] words) {
    for (int i = 0; i < VALUES; i++) {
      numbers.add(values[i]);
      texts.add(words[i % words.length]);
    }
  }

  /** Of the second run: the first loads classes. */
  private static long allocated(Runnable run) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    run.run();
    long before = threads.getCurrentThreadAllocatedBytes();
    run.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
