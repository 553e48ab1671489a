package dev.slipway.engine.trees.ensemble;

/** The {@code post_transform} of ONNX tree operators, without the rare PROBIT. */
public enum PostTransform {
  NONE,
  SOFTMAX,
  LOGISTIC,
  SOFTMAX_ZERO;

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
}
