package dev.slipway.engine.trees.forest;

import dev.slipway.engine.trees.ensemble.Summation;
import dev.slipway.engine.trees.ensemble.Tree;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Adds the values of the leaves that a row reached, tree by tree in the ensemble's order, rounding
 * as the model's library rounds. Immutable; thread-safe.
 */
abstract sealed class Adder {
  final int treeCount;
  final double[] start;
  private final double divisor;

  private Adder(int treeCount, Summation summation) {
    this.treeCount = treeCount;
    this.start = summation.start();
    this.divisor = summation.divisor();
  }

  static Adder of(List<Tree> trees, Summation summation, Forest forest) {
    boolean scalar = trees.stream().allMatch(tree -> tree.targetCount() == 1);
    if (!scalar) {
      return new Vectors(trees, summation, forest);
    }
    if (summation.scoreCount() == 1) {
      return summation.singlePrecision()
          ? new OneFloat(trees, summation, forest)
          : new OneDouble(trees, summation, forest);
    }
    return new Scalars(trees, summation, forest);
  }

  /** Writes the scores of a row, as many as the summation has. */
  final void add(int[] ordinals, double[] scores) {
    sum(ordinals, scores);
    if (divisor != 1) {
      for (int i = 0; i < start.length; i++) {
        scores[i] /= divisor;
      }
    }
  }

  abstract void sum(int[] ordinals, double[] scores);

  abstract long memoryBytes();

  private static double[] scalarValues(List<Tree> trees, Forest forest) {
    double[] values = new double[forest.ordinalCount()];
    for (int t = 0; t < trees.size(); t++) {
      for (int leaf = 0; leaf < trees.get(t).leafCount(); leaf++) {
        values[forest.ordinal(t, leaf)] = trees.get(t).leafValue(leaf, 0);
      }
    }
    return values;
  }

  /** One score, each addition rounded to FP32. */
  private static final class OneFloat extends Adder {
    private final float[] values;

    OneFloat(List<Tree> trees, Summation summation, Forest forest) {
      super(trees.size(), summation);
      double[] wide = scalarValues(trees, forest);
      values = new float[wide.length];
      for (int i = 0; i < wide.length; i++) {
        values[i] = (float) wide[i];
      }
    }

    @Override
    void sum(int[] ordinals, double[] scores) {
      float sum = (float) start[0];
      for (int t = 0; t < treeCount; t++) {
        sum += values[ordinals[t]];
      }
      scores[0] = sum;
    }

    @Override
    long memoryBytes() {
      return 4L * values.length;
    }
  }

  /** One score in FP64. */
  private static final class OneDouble extends Adder {
    private final double[] values;

    OneDouble(List<Tree> trees, Summation summation, Forest forest) {
      super(trees.size(), summation);
      values = scalarValues(trees, forest);
    }

    @Override
    void sum(int[] ordinals, double[] scores) {
      double sum = start[0];
      for (int t = 0; t < treeCount; t++) {
        sum += values[ordinals[t]];
      }
      scores[0] = sum;
    }

    @Override
    long memoryBytes() {
      return 8L * values.length;
    }
  }

  /** Several scores, each tree adding to one of them; summed score by score. */
  private static final class Scalars extends Adder {
    private final double[] values;

    /** The trees of each score, in their order. */
    private final int[][] treesOf;

    private final boolean singlePrecision;

    Scalars(List<Tree> trees, Summation summation, Forest forest) {
      super(trees.size(), summation);
      values = scalarValues(trees, forest);
      singlePrecision = summation.singlePrecision();
      treesOf = new int[start.length][];
      for (int score = 0; score < start.length; score++) {
        int wanted = score;
        treesOf[score] =
            IntStream.range(0, trees.size())
                .filter(t -> trees.get(t).targets()[0] == wanted)
                .toArray();
      }
    }

    @Override
    void sum(int[] ordinals, double[] scores) {
      for (int score = 0; score < treesOf.length; score++) {
        int[] own = treesOf[score];
        if (singlePrecision) {
          float sum = (float) start[score];
          for (int t : own) {
            sum += (float) values[ordinals[t]];
          }
          scores[score] = sum;
        } else {
          double sum = start[score];
          for (int t : own) {
            sum += values[ordinals[t]];
          }
          scores[score] = sum;
        }
      }
    }

    @Override
    long memoryBytes() {
      long bytes = 8L * values.length;
      for (int[] own : treesOf) {
        bytes += 4L * own.length + 16;
      }
      return bytes;
    }
  }

  /** Several scores, each leaf holding a value for each of its tree's targets. */
  private static final class Vectors extends Adder {
    private final double[] values;

    /** Where the values of each leaf start, by ordinal. */
    private final int[] starts;

    private final int[][] targets;
    private final boolean singlePrecision;

    Vectors(List<Tree> trees, Summation summation, Forest forest) {
      super(trees.size(), summation);
      singlePrecision = summation.singlePrecision();
      targets = new int[trees.size()][];
      starts = new int[forest.ordinalCount()];
      int size = 0;
      for (Tree tree : trees) {
        size = Math.addExact(size, Math.multiplyExact(tree.leafCount(), tree.targetCount()));
      }
      values = new double[size];
      int at = 0;
      for (int t = 0; t < trees.size(); t++) {
        Tree tree = trees.get(t);
        targets[t] = tree.targets();
        for (int leaf = 0; leaf < tree.leafCount(); leaf++) {
          starts[forest.ordinal(t, leaf)] = at;
          for (int i = 0; i < targets[t].length; i++) {
            values[at++] = tree.leafValue(leaf, i);
          }
        }
      }
    }

    @Override
    void sum(int[] ordinals, double[] scores) {
      System.arraycopy(start, 0, scores, 0, start.length);
      for (int t = 0; t < treeCount; t++) {
        int at = starts[ordinals[t]];
        int[] own = targets[t];
        if (singlePrecision) {
          for (int i = 0; i < own.length; i++) {
            scores[own[i]] = (float) (scores[own[i]] + values[at + i]);
          }
        } else {
          for (int i = 0; i < own.length; i++) {
            scores[own[i]] += values[at + i];
          }
        }
      }
    }

    @Override
    long memoryBytes() {
      long bytes = 8L * values.length + 4L * starts.length;
      for (int[] own : targets) {
        bytes += 4L * own.length + 16;
      }
      return bytes;
    }
  }
}
