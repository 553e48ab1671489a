package dev.slipway.core.protection;

import dev.slipway.core.inference.InferenceRequest;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;

/** The rows of a request, each as the bits of its features. */
final class QuestionRows {
  /** More features of a row are not looked at. */
  static final int FEATURES_MAX = 256;

  private static final long HASH_START = 0xcbf29ce484222325L;
  private static final long HASH_PRIME = 0x100000001b3L;

  private QuestionRows() {}

  /**
   * The first rows of a request.
   *
   * @param rows that the request has, {@code >= 1}
   * @param count at most so many
   */
  static long[][] first(InferenceRequest request, long rows, int count) {
    int taken = (int) Math.min(rows, count);
    long[][] sample = new long[taken][features(request.inputs(), rows)];
    int at = 0;
    for (Tensor input : request.inputs()) {
      int perRow = (int) Math.min(input.elementCount() / rows, FEATURES_MAX - (long) at);
      if (perRow > 0) {
        copy(input, rows, sample, at, perRow);
        at += perRow;
      }
    }
    return sample;
  }

  private static int features(List<Tensor> inputs, long rows) {
    long features = 0;
    for (Tensor input : inputs) {
      features += input.elementCount() / rows;
    }
    return (int) Math.min(features, FEATURES_MAX);
  }

  private static void copy(Tensor input, long rows, long[][] sample, int at, int perRow) {
    long stride = input.elementCount() / rows;
    ByteBuffer data = input.data();
    if (input.datatype() == DataType.BYTES) {
      copyStrings(data, stride, sample, at, perRow);
      return;
    }
    for (int row = 0; row < sample.length; row++) {
      for (int i = 0; i < perRow; i++) {
        long element = row * stride + i;
        sample[row][at + i] = bits(data, element, input.datatype().byteSize());
      }
    }
  }

  private static long bits(ByteBuffer data, long element, int size) {
    int index = Math.toIntExact(element * size);
    return switch (size) {
      case 1 -> data.get(index);
      case 2 -> data.getShort(index);
      case 4 -> data.getInt(index);
      default -> data.getLong(index);
    };
  }

  /** Strings follow each other, each behind its length: those before have to be passed over. */
  private static void copyStrings(
      ByteBuffer data, long stride, long[][] sample, int at, int perRow) {
    int position = 0;
    for (long[] row : sample) {
      for (long i = 0; i < stride; i++) {
        int length = data.getInt(position);
        position += Integer.BYTES;
        if (i < perRow) {
          row[at + (int) i] = hash(data, position, length);
        }
        position += length;
      }
    }
  }

  private static long hash(ByteBuffer data, int from, int length) {
    long hash = HASH_START;
    for (int i = from; i < from + length; i++) {
      hash = (hash ^ data.get(i)) * HASH_PRIME;
    }
    return hash;
  }
}
