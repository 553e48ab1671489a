package dev.slipway.engine.trees.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class OrderedKeyTest {
  @Provide
  Arbitrary<Float> anyFloat() {
    return Arbitraries.integers().map(Float::intBitsToFloat);
  }

  @Provide
  Arbitrary<Double> anyDouble() {
    return Arbitraries.oneOf(
        Arbitraries.longs().map(Double::longBitsToDouble),
        anyFloat().map(f -> (double) f),
        anyFloat().map(f -> Math.nextUp((double) f)),
        anyFloat().map(f -> Math.nextDown((double) f)));
  }

  @Property(tries = 5_000)
  void keysCompareAsTheirNumbers(@ForAll("anyFloat") float a, @ForAll("anyFloat") float b) {
    if (!Float.isNaN(a) && !Float.isNaN(b)) {
      assertThat(OrderedKey.of(a) < OrderedKey.of(b)).isEqualTo(a < b);
      assertThat(OrderedKey.of(a) == OrderedKey.of(b)).isEqualTo(a == b);
    }
  }

  @Property(tries = 5_000)
  void wideKeysCompareAsTheirNumbers(@ForAll("anyDouble") double a, @ForAll("anyDouble") double b) {
    if (!Double.isNaN(a) && !Double.isNaN(b)) {
      assertThat(OrderedKey.of(a) < OrderedKey.of(b)).isEqualTo(a < b);
      assertThat(OrderedKey.of(a) == OrderedKey.of(b)).isEqualTo(a == b);
    }
  }

  @Property(tries = 5_000)
  void aThresholdRoundedDownDecidesAsTheThreshold(
      @ForAll("anyFloat") float x, @ForAll("anyDouble") double threshold) {
    if (!Double.isNaN(threshold)) {
      assertThat(x <= OrderedKey.floor(threshold)).isEqualTo(x <= threshold);
    }
  }

  @Test
  void nanIsAboveInfinityAndInfinityHasRoomAboveAndBelow() {
    assertThat(OrderedKey.of(Float.intBitsToFloat(0xffc00001))).isEqualTo(OrderedKey.NAN_32);
    assertThat(OrderedKey.of(Float.POSITIVE_INFINITY) + 1).isLessThan(OrderedKey.NAN_32);
    assertThat(OrderedKey.of(Float.NEGATIVE_INFINITY)).isGreaterThan(OrderedKey.BELOW_ALL_32 + 1);
    assertThat(OrderedKey.of(-0f)).isEqualTo(OrderedKey.of(0f)).isZero();
    assertThat(OrderedKey.of(Double.POSITIVE_INFINITY) + 1).isLessThan(OrderedKey.NAN_64);
  }
}
