package dev.slipway.core.drift;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Adjusts p-values of many features looked at together: of those whose adjusted value is at most q,
 * no more than the share q is expected to be false (Benjamini and Hochberg 1995).
 */
public final class BenjaminiHochberg {
  private BenjaminiHochberg() {}

  /**
   * @param pValues each in [0, 1]
   * @return as many, in the same order, each at least as large as before and at most 1
   */
  public static double[] adjusted(double[] pValues) {
    if (Arrays.stream(pValues).anyMatch(p -> !(p >= 0 && p <= 1))) {
      throw new IllegalArgumentException(
          "p-values: %s (expected: each in [0, 1])".formatted(Arrays.toString(pValues)));
    }
    int[] descending =
        IntStream.range(0, pValues.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> pValues[i]).reversed())
            .mapToInt(Integer::intValue)
            .toArray();
    double[] adjusted = new double[pValues.length];
    double least = 1;
    for (int i = 0; i < descending.length; i++) {
      int rank = pValues.length - i;
      least = Math.min(least, pValues[descending[i]] * pValues.length / rank);
      adjusted[descending[i]] = least;
    }
    return adjusted;
  }
}
