package dev.slipway.engine.trees;

import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.engine.trees.ensemble.Labels;
import dev.slipway.engine.trees.ensemble.Output;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Where the rows of one output are collected. Not thread-safe. */
abstract sealed class OutputBuffer {
  private final TensorSpec spec;
  ByteBuffer data = allocate(64);

  private OutputBuffer(TensorSpec spec) {
    this.spec = spec;
  }

  static OutputBuffer of(Output output, TensorSpec spec, int width) {
    return switch (output) {
      case Output.Values values -> new ValueRows(spec, values.steps(), width);
      case Output.Label label ->
          switch (label.labels()) {
            case Labels.Numbers numbers -> new NumberLabels(spec, numbers.values());
            case Labels.Texts texts -> new TextLabels(spec, texts.values());
          };
    };
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Makes room for so many rows.
   *
   * @return whether a tensor of as many rows that was handed out before is still good
   */
  abstract boolean begin(int rows);

  abstract void put(int row, double[] scores, int label);

  final Tensor tensor(int rows) {
    return new Tensor(spec.name(), spec.datatype(), spec.shape().withFirst(rows), data);
  }

  /** Whether the buffer is the old one, with the old limit. */
  final boolean resize(long bytes) {
    int wanted = Math.toIntExact(bytes);
    if (wanted > data.capacity()) {
      data = allocate(Math.max(wanted, (int) Math.min(2L * data.capacity(), Integer.MAX_VALUE)));
      data.limit(wanted);
      return false;
    }
    boolean same = data.limit() == wanted;
    data.clear().limit(wanted);
    return same;
  }

  /** Scores after the head and the graph's last steps. */
  private static final class ValueRows extends OutputBuffer {
    private final Output.Step[] steps;
    private final int width;
    private final boolean wide;

    ValueRows(TensorSpec spec, List<Output.Step> steps, int width) {
      super(spec);
      this.steps = steps.toArray(Output.Step[]::new);
      this.width = width;
      this.wide = spec.datatype() == DataType.FP64;
    }

    @Override
    boolean begin(int rows) {
      return resize((long) rows * width * (wide ? 8 : 4));
    }

    @Override
    void put(int row, double[] scores, int label) {
      int at = row * width;
      for (int i = 0; i < width; i++) {
        double value = scores[i];
        for (Output.Step step : steps) {
          value = step.apply(value);
        }
        if (wide) {
          data.putDouble(8 * (at + i), value);
        } else {
          data.putFloat(4 * (at + i), (float) value);
        }
      }
    }
  }

  /** Labels that are integers. */
  private static final class NumberLabels extends OutputBuffer {
    private final long[] labels;
    private final boolean wide;

    NumberLabels(TensorSpec spec, List<Long> labels) {
      super(spec);
      this.labels = labels.stream().mapToLong(Long::longValue).toArray();
      this.wide = spec.datatype() == DataType.INT64;
    }

    @Override
    boolean begin(int rows) {
      return resize((long) rows * (wide ? 8 : 4));
    }

    @Override
    void put(int row, double[] scores, int label) {
      if (wide) {
        data.putLong(8 * row, labels[label]);
      } else {
        data.putInt(4 * row, (int) labels[label]);
      }
    }
  }

  /** Labels that are texts, as BYTES elements: a length and the UTF-8 bytes. */
  private static final class TextLabels extends OutputBuffer {
    private final byte[][] labels;
    private int longest;
    private int end;

    TextLabels(TensorSpec spec, List<String> labels) {
      super(spec);
      this.labels =
          labels.stream().map(l -> l.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
      for (byte[] label : this.labels) {
        longest = Math.max(longest, label.length);
      }
    }

    @Override
    boolean begin(int rows) {
      resize((long) rows * (4 + longest));
      end = 0;
      data.limit(0);
      return rows == 0;
    }

    @Override
    void put(int row, double[] scores, int label) {
      byte[] bytes = labels[label];
      data.limit(end + 4 + bytes.length);
      data.putInt(end, bytes.length);
      data.put(end + 4, bytes);
      end += 4 + bytes.length;
    }
  }
}
