package dev.slipway.engine.trees;

import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.engine.trees.ensemble.KeySet;
import dev.slipway.engine.trees.ensemble.Split;
import dev.slipway.engine.trees.ensemble.Tree;
import dev.slipway.engine.trees.ensemble.TreeEnsemble;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Rows that go where trees may go wrong: numbers on and right beside the thresholds, zeros of both
 * signs, denormals, infinities and NaN, among ordinary numbers.
 */
final class AwkwardRows {
  private static final float[] NUMBERS = {
    0f,
    -0f,
    1f,
    -1f,
    2f,
    0.5f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    1e-40f,
    1e-35f,
    -1e-35f,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN
  };

  private AwkwardRows() {}

  static Tensor of(TreeEnsemble ensemble, int rows, int columns, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<float[]> near = nearThresholds(ensemble, columns);
    DataType datatype = ensemble.input().datatype();
    boolean integers = datatype == DataType.INT64 || datatype == DataType.INT32;
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      float[] own = near.get(i % columns);
      float value =
          switch (random.nextInt(8)) {
            case 0 -> NUMBERS[random.nextInt(NUMBERS.length)];
            case 1 -> random.nextInt(-3, 60);
            case 2, 3, 4 ->
                own.length > 0 ? own[random.nextInt(own.length)] : (float) random.nextDouble(-3, 3);
            default -> (float) (random.nextDouble(-3, 3) + random.nextDouble(-3, 3));
          };
      values[i] = integers ? Math.round(Math.clamp(value, -1e6f, 1e6f)) : value;
    }
    return Tensors.of(ensemble.input().name(), datatype, rows, columns, values);
  }

  private static List<float[]> nearThresholds(TreeEnsemble ensemble, int columns) {
    List<List<Float>> near = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      near.add(new ArrayList<>());
    }
    for (Tree tree : ensemble.trees()) {
      for (int node = 0; node < tree.nodeCount(); node++) {
        Split split = tree.split(node);
        if (split != null) {
          addNear(near.get(split.feature()), split.accepted(), ensemble.hasWideKeys());
        }
      }
    }
    return near.stream().map(AwkwardRows::toArray).toList();
  }

  private static float[] toArray(List<Float> values) {
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }

  private static void addNear(List<Float> near, KeySet accepted, boolean wide) {
    for (long bound : accepted.bounds()) {
      if (bound == Long.MIN_VALUE) {
        continue;
      }
      float at = wide ? (float) doubleOf(bound) : floatOf((int) bound);
      near.add(at);
      near.add(Math.nextDown(at));
      near.add(Math.nextUp(at));
    }
  }

  /** The inverse of the order-preserving keys. */
  private static float floatOf(int key) {
    return Float.intBitsToFloat(key ^ ((key >> 31) & Integer.MAX_VALUE));
  }

  private static double doubleOf(long key) {
    return Double.longBitsToDouble(key ^ ((key >> 63) & Long.MAX_VALUE));
  }
}
