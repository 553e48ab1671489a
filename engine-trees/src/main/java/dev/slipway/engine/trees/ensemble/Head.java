package dev.slipway.engine.trees.ensemble;

/** What becomes of the summed scores of a row. Immutable; thread-safe. */
public sealed interface Head permits Head.Linked, Head.OnnxRegressor, OnnxClassifier {
  /**
   * Replaces the scores of one row by the values of the answer.
   *
   * @param scores at least as long as the greater of score count and {@link #width}
   * @return index of the label, 0 where the head chooses none
   */
  int finish(double[] scores);

  /** Values per row. */
  int width();

  /** A link over {@code count} scores. */
  record Linked(Link link, int count) implements Head {
    @Override
    public int finish(double[] scores) {
      link.apply(scores, count);
      return 0;
    }

    @Override
    public int width() {
      return link.width(count);
    }
  }

  /**
   * ONNX {@code TreeEnsembleRegressor} and {@code TreeEnsemble}.
   *
   * @param base added to each score after the sum; empty means none
   */
  record OnnxRegressor(int width, double[] base, PostTransform transform) implements Head {
    public OnnxRegressor {
      base = base.clone();
    }

    @Override
    public int finish(double[] scores) {
      for (int i = 0; i < base.length; i++) {
        scores[i] += base[i];
      }
      // ONNX Runtime leaves a single score as it is.
      if (width > 1) {
        transform.apply(scores, width);
      }
      return 0;
    }
  }
}
