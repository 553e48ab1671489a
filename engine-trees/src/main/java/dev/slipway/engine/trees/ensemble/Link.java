package dev.slipway.engine.trees.ensemble;

/** The function from summed scores to what the model answers. Stateless. */
public sealed interface Link {
  /**
   * Replaces the scores of one row by its answer.
   *
   * @param scores the first {@code count} are scores; the first {@link #width} become the answer
   * @param count {@code >= 1}
   */
  void apply(double[] scores, int count);

  /** Length of the answer for {@code count} scores. */
  default int width(int count) {
    return count;
  }

  /** The score itself. */
  record Identity() implements Link {
    @Override
    public void apply(double[] scores, int count) {}
  }

  /** {@code 1 / (1 + exp(-scale * score))}. */
  record Sigmoid(double scale) implements Link {
    @Override
    public void apply(double[] scores, int count) {
      for (int i = 0; i < count; i++) {
        scores[i] = of(scale * scores[i]);
      }
    }

    public static double of(double score) {
      return 1.0 / (1.0 + Math.exp(-score));
    }
  }

  /** {@code exp(score)}, for models of the logarithm of a mean or a risk. */
  record Exponential() implements Link {
    @Override
    public void apply(double[] scores, int count) {
      for (int i = 0; i < count; i++) {
        scores[i] = Math.exp(scores[i]);
      }
    }
  }

  /** {@code sign(score) * score^2}, for models of a square root. */
  record SignedSquare() implements Link {
    @Override
    public void apply(double[] scores, int count) {
      for (int i = 0; i < count; i++) {
        scores[i] = Math.abs(scores[i]) * scores[i];
      }
    }
  }

  /** {@code log(1 + exp(score))}. */
  record Softplus() implements Link {
    @Override
    public void apply(double[] scores, int count) {
      for (int i = 0; i < count; i++) {
        scores[i] = Math.log1p(Math.exp(scores[i]));
      }
    }
  }

  /** 1 if the score is above 0, else 0. */
  record Step() implements Link {
    @Override
    public void apply(double[] scores, int count) {
      for (int i = 0; i < count; i++) {
        scores[i] = scores[i] > 0 ? 1 : 0;
      }
    }
  }

  /** The scores' exponentials, divided by their sum. */
  record Softmax() implements Link {
    @Override
    public void apply(double[] scores, int count) {
      double greatest = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < count; i++) {
        greatest = Math.max(greatest, scores[i]);
      }
      double sum = 0;
      for (int i = 0; i < count; i++) {
        scores[i] = Math.exp(scores[i] - greatest);
        sum += scores[i];
      }
      for (int i = 0; i < count; i++) {
        scores[i] /= sum;
      }
    }
  }

  /** The index of the greatest score, the first of equals. */
  record ArgMax() implements Link {
    @Override
    public void apply(double[] scores, int count) {
      int best = 0;
      for (int i = 1; i < count; i++) {
        if (scores[i] > scores[best]) {
          best = i;
        }
      }
      scores[0] = best;
    }

    @Override
    public int width(int count) {
      return 1;
    }
  }
}
