package dev.slipway.engine.trees.ensemble;

/**
 * How leaf values become scores. Trees add in their own order, so that sums round as the model's
 * library rounds them.
 *
 * @param singlePrecision whether each addition rounds to FP32
 * @param start what each score begins with; its length is the number of scores
 * @param divisor divides the sum; 1 leaves it
 */
public record Summation(boolean singlePrecision, double[] start, double divisor) {
  public Summation {
    start = start.clone();
  }

  public int scoreCount() {
    return start.length;
  }

  @Override
  public double[] start() {
    return start.clone();
  }
}
