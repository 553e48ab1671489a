package dev.slipway.engine.trees.ensemble;

/** The {@code post_transform} of ONNX tree operators. */
public enum PostTransform {
  NONE,
  SOFTMAX,
  LOGISTIC,
  SOFTMAX_ZERO,
  PROBIT;

  private static final Link SOFTMAX_LINK = new Link.Softmax();

  /** Scores nearer to zero than this count as absent in {@link #SOFTMAX_ZERO}. */
  private static final double ZERO = 0.0000001f;

  /** Transforms the first {@code count} scores in place. */
  void apply(double[] scores, int count) {
    switch (this) {
      case NONE -> {}
      case SOFTMAX -> SOFTMAX_LINK.apply(scores, count);
      case LOGISTIC -> {
        for (int i = 0; i < count; i++) {
          scores[i] = Link.Sigmoid.of(scores[i]);
        }
      }
      case SOFTMAX_ZERO -> softmaxZero(scores, count);
      case PROBIT -> {
        for (int i = 0; i < count; i++) {
          scores[i] = probit(scores[i]);
        }
      }
    }
  }

  private static void softmaxZero(double[] scores, int count) {
    double greatest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      greatest = Math.max(greatest, scores[i]);
    }
    double sum = 0;
    for (int i = 0; i < count; i++) {
      if (Math.abs(scores[i]) > ZERO) {
        scores[i] = Math.exp(scores[i] - greatest);
        sum += scores[i];
      } else {
        scores[i] *= Math.exp(-greatest);
      }
    }
    for (int i = 0; i < count; i++) {
      scores[i] /= sum;
    }
  }

  /**
   * The normal quantile as ONNX Runtime approximates it: {@code sqrt(2) * erfinv(2 p - 1)} with
   * Winitzki's formula, a = 0.147.
   */
  private static double probit(double p) {
    double x = 2 * p - 1;
    double log = Math.log((1 - x) * (1 + x));
    double half = 2 / (Math.PI * 0.147) + 0.5 * log;
    double root = Math.sqrt(-half + Math.sqrt(half * half - log / 0.147));
    return Math.sqrt(2) * (x < 0 ? -root : root);
  }
}
