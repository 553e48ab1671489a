package dev.slipway.engine.trees.forest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.engine.trees.ensemble.Head;
import dev.slipway.engine.trees.ensemble.KeySet;
import dev.slipway.engine.trees.ensemble.Link;
import dev.slipway.engine.trees.ensemble.OrderedKey;
import dev.slipway.engine.trees.ensemble.Output;
import dev.slipway.engine.trees.ensemble.Split;
import dev.slipway.engine.trees.ensemble.Summation;
import dev.slipway.engine.trees.ensemble.Tree;
import dev.slipway.engine.trees.ensemble.TreeEnsemble;
import dev.slipway.engine.trees.forest.CompiledEnsemble.Layout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** Random ensembles of every kind of split; the reference is {@link Tree#leafFor}. */
class LayoutPropertiesTest {
  private static final float[] NUMBERS = {
    Float.NaN,
    Float.NEGATIVE_INFINITY,
    -Float.MAX_VALUE,
    -2,
    -1,
    -Float.MIN_VALUE,
    -0f,
    0f,
    Float.MIN_VALUE,
    1,
    2,
    3,
    Float.MAX_VALUE,
    Float.POSITIVE_INFINITY
  };

  @Property(tries = 150)
  void everyLayoutFindsTheLeafThatAPlainWalkFinds(
      @ForAll long seed,
      @ForAll @IntRange(max = 40) int trees,
      @ForAll @IntRange(min = 1, max = 80) int leavesMost,
      @ForAll @IntRange(min = 1, max = 4) int features,
      @ForAll @IntRange(min = 1, max = 3) int targets,
      @ForAll boolean wide) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Tree> list = new ArrayList<>();
    for (int t = 0; t < trees; t++) {
      int leaves = random.nextInt(1, leavesMost + 1);
      boolean vector = targets > 1 && random.nextInt(4) == 0;
      int[] own = vector ? new int[] {0, targets - 1} : new int[] {random.nextInt(targets)};
      list.add(tree(random, leaves, features, own, wide));
    }
    TreeEnsemble ensemble = ensemble(list, features, targets, wide);
    for (Layout layout : Layout.values()) {
      if (layout == Layout.MASKS && !MaskForest.fits(list)) {
        continue;
      }
      CompiledEnsemble compiled = CompiledEnsemble.of(ensemble, layout);
      CompiledEnsemble.Evaluator evaluator = compiled.openEvaluator();
      for (int i = 0; i < 20; i++) {
        float[] row = new float[features];
        for (int f = 0; f < features; f++) {
          row[f] = NUMBERS[random.nextInt(NUMBERS.length)];
        }
        requireSame("%s, seed %d, row %d".formatted(layout, seed, i), ensemble, evaluator, row);
      }
    }
  }

  private static void requireSame(
      String what, TreeEnsemble ensemble, CompiledEnsemble.Evaluator evaluator, float[] row) {
    boolean wide = ensemble.hasWideKeys();
    int size = wide ? 8 : 4;
    ByteBuffer data = ByteBuffer.allocate(size * (row.length + 1)).order(ByteOrder.LITTLE_ENDIAN);
    for (int f = 0; f < row.length; f++) {
      if (wide) {
        data.putDouble(size * (f + 1), row[f]);
      } else {
        data.putFloat(size * (f + 1), row[f]);
      }
    }
    Tree.KeyRow keys =
        new Tree.KeyRow() {
          @Override
          public long key(int feature) {
            return wide ? OrderedKey.of((double) row[feature]) : OrderedKey.of(row[feature]);
          }

          @Override
          public boolean isNan(int feature) {
            return Float.isNaN(row[feature]);
          }
        };
    int[] leaves = new int[ensemble.trees().size()];
    evaluator.leaves(data, size, leaves);
    double[] sums = new double[ensemble.summation().scoreCount()];
    for (int t = 0; t < leaves.length; t++) {
      Tree tree = ensemble.trees().get(t);
      int leaf = tree.leafFor(keys);
      assertThat(leaves[t]).as("%s, tree %d", what, t).isEqualTo(tree.leafId(leaf));
      int[] own = tree.targets();
      for (int k = 0; k < own.length; k++) {
        sums[own[k]] += tree.leafValue(leaf, k);
      }
    }
    evaluator.run(data, size);
    for (int k = 0; k < sums.length; k++) {
      assertThat(evaluator.scores()[k]).as("%s, score %d", what, k).isEqualTo(sums[k]);
    }
  }

  private static TreeEnsemble ensemble(List<Tree> trees, int features, int targets, boolean wide) {
    DataType datatype = wide ? DataType.FP64 : DataType.FP32;
    return new TreeEnsemble(
        TensorSpec.of("input", datatype, Shape.of(-1, features)),
        trees,
        new Summation(false, new double[targets], 1),
        new Head.Linked(new Link.Identity(), targets),
        List.of(new Output.Values("predict", DataType.FP64, List.of())));
  }

  /** Grows by splitting a random leaf, so that shapes reach from bushes to chains. */
  private static Tree tree(
      SplittableRandom random, int leaves, int features, int[] targets, boolean wide) {
    int nodes = 2 * leaves - 1;
    @Nullable Split[] splits = new Split[nodes];
    int[] first = new int[nodes];
    List<Integer> open = new ArrayList<>(List.of(0));
    boolean chain = random.nextBoolean();
    for (int next = 1; next < nodes; next += 2) {
      Collections.swap(
          open, chain ? open.size() - 1 : random.nextInt(open.size()), open.size() - 1);
      int node = open.removeLast();
      splits[node] = split(random, features, wide);
      first[node] = next;
      open.add(next);
      open.add(next + 1);
    }
    double[] values = random.doubles(nodes, -1, 1).toArray();
    Tree.Source source =
        new Tree.Source() {
          @Override
          public int nodeCount() {
            return nodes;
          }

          @Override
          public @Nullable Split split(int node) {
            return splits[node];
          }

          @Override
          public int first(int node) {
            return first[node];
          }

          @Override
          public int second(int node) {
            return first[node] + 1;
          }

          @Override
          public int leafId(int node) {
            return node;
          }

          @Override
          public void leafValues(int node, double[] own) {
            for (int i = 0; i < own.length; i++) {
              own[i] = values[node] + i;
            }
          }
        };
    return Tree.of("random tree", source, 0, targets);
  }

  private static Split split(SplittableRandom random, int features, boolean wide) {
    int feature = random.nextInt(features);
    boolean nanFirst = random.nextBoolean();
    if (random.nextInt(3) > 0) {
      return new Split(feature, KeySet.below(key(random, wide) + random.nextInt(2)), nanFirst);
    }
    long[] bounds = new long[2 * random.nextInt(5)];
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = key(random, wide);
    }
    if (bounds.length > 0 && random.nextInt(4) == 0) {
      bounds[0] = Long.MIN_VALUE;
    }
    return new Split(feature, KeySet.ofIntervals(bounds), nanFirst);
  }

  private static long key(SplittableRandom random, boolean wide) {
    float number = NUMBERS[random.nextInt(1, NUMBERS.length)];
    return wide ? OrderedKey.of((double) number) : OrderedKey.of(number);
  }
}
