package dev.slipway.engine.trees.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class KeySetTest {
  @Property
  void aUnionHoldsWhatAnyOfItsIntervalsHolds(
      @ForAll @Size(max = 12) @IntRange(min = -20, max = 20) int[] bounds,
      @ForAll @IntRange(min = -21, max = 21) int key) {
    long[] pairs = new long[bounds.length / 2 * 2];
    boolean expected = false;
    for (int i = 0; i < pairs.length; i += 2) {
      pairs[i] = bounds[i];
      pairs[i + 1] = bounds[i + 1];
      expected |= key >= bounds[i] && key < bounds[i + 1];
    }
    assertThat(KeySet.ofIntervals(pairs).contains(key)).isEqualTo(expected);
  }

  @Test
  void touchingIntervalsAreOne() {
    assertThat(KeySet.ofIntervals(3, 5, 1, 3)).isEqualTo(KeySet.ofIntervals(1, 5));
    assertThat(KeySet.ofIntervals(Long.MIN_VALUE, 2, 2, 5)).isEqualTo(KeySet.below(5));
  }

  @Test
  void onlyAnIntervalOpenToBelowIsAThreshold() {
    assertThat(KeySet.below(7).isThreshold()).isTrue();
    assertThat(KeySet.below(7).threshold()).isEqualTo(7);
    assertThat(KeySet.ofIntervals(1, 7).isThreshold()).isFalse();
    assertThat(KeySet.ofIntervals().isThreshold()).isFalse();
  }
}
