package dev.slipway.protocol.tensor;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The classification extension: instead of scores, the best classes of each row as BYTES {@code
 * "score:index"}, best first; of equal scores the lower index comes first, and NaN comes last.
 */
public final class Classification {
  private Classification() {}

  /**
   * @param scores of a numeric type; its first dimension counts rows where it has two or more
   * @param classes how many to answer per row, {@code >= 1}; fewer where a row is shorter
   * @return a tensor of the same name, of shape [rows, k], or [k] where the scores have one row and
   *     no dimension for it
   * @throws SlipwayException BAD_REQUEST if the output holds no numbers
   */
  public static Tensor of(Tensor scores, int classes) {
    if (!TensorValues.isNumeric(scores.datatype())) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "output '%s': classification of %s (expected: an output of numbers)"
              .formatted(scores.name(), scores.datatype()));
    }
    boolean hasRows = scores.shape().rank() > 1;
    int rows = hasRows ? Math.toIntExact(scores.shape().dimension(0)) : 1;
    int width = rows == 0 ? 0 : Math.toIntExact(scores.elementCount() / rows);
    int k = Math.min(classes, width);
    List<byte[]> labels = new ArrayList<>();
    int bytes = 0;
    for (int row = 0; row < rows; row++) {
      for (int index : best(scores, row * width, width, k)) {
        String score = TensorValues.text(scores.datatype(), scores.data(), row * width + index);
        byte[] label = (score + ":" + index).getBytes(US_ASCII);
        labels.add(label);
        bytes += 4 + label.length;
      }
    }
    ByteBuffer data = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (byte[] label : labels) {
      data.putInt(label.length).put(label);
    }
    Shape shape = hasRows ? Shape.of(rows, k) : Shape.of(k);
    return new Tensor(scores.name(), DataType.BYTES, shape, data);
  }

  private static int[] best(Tensor scores, int first, int width, int k) {
    double[] values = new double[width];
    for (int i = 0; i < width; i++) {
      double value = TensorValues.number(scores.datatype(), scores.data(), first + i);
      values[i] = Double.isNaN(value) ? Double.NEGATIVE_INFINITY : value;
    }
    return IntStream.range(0, width)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> values[i]).reversed())
        .limit(k)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
