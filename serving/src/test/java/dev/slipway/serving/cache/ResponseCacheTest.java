package dev.slipway.serving.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.testing.Tensors;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ResponseCacheTest {
  private final ResponseCache cache = new ResponseCache(() -> 10_000);

  @Test
  void aKeyHoldsEverythingThatAnAnswerDependsOn() {
    Tensor x = Tensors.of("x", DataType.INT32, Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    CacheKey key = CacheKey.over("model", List.of(x), null);
    cache.put(key, answer(1));
    assertThat(cache.get(CacheKey.over("model", List.of(x), null))).isNotNull();
    Tensor reshaped = new Tensor("x", DataType.INT32, Shape.of(3, 2), x.data());
    Tensor retyped = new Tensor("x", DataType.UINT32, Shape.of(2, 3), x.data());
    Tensor changed = Tensors.of("x", DataType.INT32, Shape.of(2, 3), 1, 2, 3, 4, 5, 7);
    Stream.of(
            CacheKey.over("other", List.of(x), null),
            CacheKey.over("model", List.of(reshaped), null),
            CacheKey.over("model", List.of(retyped), null),
            CacheKey.over("model", List.of(x.withName("y")), null),
            CacheKey.over("model", List.of(changed), null),
            CacheKey.over("model", List.of(x, x), null),
            CacheKey.over("model", List.of(x), new int[] {0}))
        .forEach(
            other -> {
              assertThat(other).isNotEqualTo(key);
              assertThat(cache.get(other)).isNull();
            });
  }

  @Test
  void keysOfEqualHashAreStillCompared() {
    // Among 300,000 hashes of 32 bits about ten pairs are equal; the values are fixed.
    Map<Integer, Integer> byHash = new HashMap<>();
    int collisions = 0;
    for (int i = 0; i < 300_000; i++) {
      Integer other = byHash.put(key(i).hashCode(), i);
      if (other != null) {
        collisions++;
        assertThat(key(i)).isNotEqualTo(key(other));
      }
    }
    assertThat(collisions).isPositive();
  }

  @Test
  void entriesAreCopies() {
    Tensor x = Tensors.of("x", DataType.INT32, Shape.of(1), 1);
    Tensor y = Tensors.of("y", DataType.INT32, Shape.of(1), 10);
    cache.put(CacheKey.over("m", List.of(x), null), List.of(y));
    x.data().putInt(0, 2);
    y.data().putInt(0, 20);
    assertThat(cache.get(CacheKey.over("m", List.of(x), null))).isNull();
    x.data().putInt(0, 1);
    List<Tensor> kept = Objects.requireNonNull(cache.get(CacheKey.over("m", List.of(x), null)));
    assertThat(kept.get(0).data().getInt(0)).isEqualTo(10);
  }

  @Test
  void theLeastRecentlyUsedGoesFirstOnceTheBudgetIsSpent() {
    for (int i = 0; i < 30; i++) {
      cache.put(key(i), answer(i));
      cache.get(key(0));
    }
    assertThat(cache.bytes()).isLessThanOrEqualTo(10_000);
    assertThat(cache.get(key(0))).isNotNull();
    assertThat(cache.get(key(1))).isNull();
    assertThat(cache.get(key(29))).isNotNull();
  }

  @Test
  void anAnswerOfMoreThanAQuarterOfTheBudgetIsNotKept() {
    Number[] many = new Number[700];
    Arrays.fill(many, 1);
    cache.put(key(1), List.of(Tensors.of("y", DataType.INT32, Shape.of(700), many)));
    assertThat(cache.get(key(1))).isNull();
    assertThat(cache.bytes()).isZero();
  }

  private static Tensor bytes(int value) {
    return Tensors.of("x", DataType.INT32, Shape.of(1), value);
  }

  private static CacheKey key(int i) {
    return CacheKey.over("m", List.of(bytes(i)), null);
  }

  private static List<Tensor> answer(int i) {
    return List.of(Tensors.of("y", DataType.INT32, Shape.of(1), i));
  }
}
