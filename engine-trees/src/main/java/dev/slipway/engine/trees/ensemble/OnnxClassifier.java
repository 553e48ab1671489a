package dev.slipway.engine.trees.ensemble;

/**
 * ONNX {@code TreeEnsembleClassifier} of two classes or more, as ONNX Runtime runs it where the
 * standard is silent.
 *
 * @param classes number of classes, {@code >= 2}
 * @param base added to the scores; none, or one per class, but at most one for two classes
 * @param hasScore whether any leaf scores this class
 * @param allPositive whether no leaf weight is negative
 */
public record OnnxClassifier(
    int classes, double[] base, boolean[] hasScore, boolean allPositive, PostTransform transform)
    implements Head {
  public OnnxClassifier {
    base = base.clone();
    hasScore = hasScore.clone();
  }

  @Override
  public int width() {
    return classes;
  }

  /** Whether the scores of two classes are really one. */
  public boolean scoresOneOfTwo() {
    return classes == 2 && hasScore[0] != hasScore[1];
  }

  @Override
  public int finish(double[] scores) {
    return classes > 2 ? finishMany(scores) : finishTwo(scores);
  }

  private int finishMany(double[] scores) {
    int best = -1;
    for (int i = 0; i < classes; i++) {
      boolean based = i < base.length;
      if (based) {
        scores[i] += base[i];
      }
      if ((based || hasScore[i]) && (best < 0 || scores[i] > scores[best])) {
        best = i;
      }
    }
    transform.apply(scores, classes);
    return best;
  }

  private int finishTwo(double[] scores) {
    boolean two = hasScore[1];
    if (base.length == 1) {
      scores[0] += base[0];
    }
    double decisive = two ? scores[1] : scores[0];
    boolean probabilities = scoresOneOfTwo() && allPositive;
    int label = decisive > (probabilities ? 0.5 : 0) ? 1 : 0;
    if (two) {
      transform.apply(scores, 2);
    } else {
      spread(scores, probabilities);
    }
    return label;
  }

  /** The one score becomes the answer for both classes. */
  private void spread(double[] scores, boolean probabilities) {
    double score = scores[0];
    if (probabilities) {
      scores[1] = score;
      scores[0] = 1 - score;
    } else if (transform == PostTransform.LOGISTIC) {
      scores[1] = Link.Sigmoid.of(score);
      scores[0] = Link.Sigmoid.of(-score);
    } else {
      scores[1] = score;
      scores[0] = -score;
    }
  }
}
