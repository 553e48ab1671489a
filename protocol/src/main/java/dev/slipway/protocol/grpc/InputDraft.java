package dev.slipway.protocol.grpc;

import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import java.util.Arrays;

/** An input as far as it is known before its content is read. Reused from request to request. */
final class InputDraft {
  static final int ABSENT = -1;

  String name = "";
  DataType datatype = DataType.BOOL;
  boolean hasDatatype;
  int contentsAt = ABSENT;
  int contentsLength;

  private long[] dimensions = new long[4];
  private int rank;
  private Shape shape = Shape.of();

  void reset() {
    name = "";
    hasDatatype = false;
    contentsAt = ABSENT;
    contentsLength = 0;
    rank = 0;
  }

  int rank() {
    return rank;
  }

  void addDimension(long dimension) {
    if (rank == dimensions.length) {
      dimensions = Arrays.copyOf(dimensions, 2 * rank);
    }
    dimensions[rank++] = dimension;
  }

  /** The shape read; the same object as last time if it is equal, since shapes repeat. */
  Shape shape() {
    boolean same = shape.rank() == rank;
    for (int i = 0; same && i < rank; i++) {
      same = shape.dimension(i) == dimensions[i];
    }
    if (!same) {
      shape = Shape.of(Arrays.copyOf(dimensions, rank));
    }
    return shape;
  }
}
