package dev.slipway.core.tensor;

import java.util.Arrays;

/**
 * Dimensions of a tensor, outermost first. Immutable.
 *
 * <p>In a signature a dimension may be {@link #DYNAMIC}; in a tensor every dimension is {@code >=
 * 0}. A shape without dimensions is a scalar of one element.
 */
public final class Shape {
  /** A dimension that each request chooses. */
  public static final long DYNAMIC = -1;

  private final long[] dimensions;

  private Shape(long[] dimensions) {
    this.dimensions = dimensions;
  }

  /**
   * @throws IllegalArgumentException if a dimension is below -1
   */
  public static Shape of(long... dimensions) {
    for (long dimension : dimensions) {
      if (dimension < DYNAMIC) {
        throw new IllegalArgumentException(
            "shape: %s (expected: dimensions >= -1)".formatted(Arrays.toString(dimensions)));
      }
    }
    return new Shape(dimensions.clone());
  }

  public int rank() {
    return dimensions.length;
  }

  public long dimension(int index) {
    return dimensions[index];
  }

  public long[] toArray() {
    return dimensions.clone();
  }

  public boolean isDynamic() {
    for (long dimension : dimensions) {
      if (dimension == DYNAMIC) {
        return true;
      }
    }
    return false;
  }

  /**
   * Product of the dimensions.
   *
   * @throws ArithmeticException if it does not fit 63 bits, or a dimension is dynamic
   */
  public long elementCount() {
    long count = 1;
    for (long dimension : dimensions) {
      if (dimension < 0) {
        throw new ArithmeticException("shape: " + this + " (expected: no dynamic dimension)");
      }
      count = Math.multiplyExact(count, dimension);
    }
    return count;
  }

  /** Elements in one row: the product of all dimensions but the first. Rank must be >= 1. */
  public long elementsPerRow() {
    long count = 1;
    for (int i = 1; i < dimensions.length; i++) {
      count = Math.multiplyExact(count, dimensions[i]);
    }
    return count;
  }

  /** This shape with another first dimension. Rank must be >= 1. */
  public Shape withFirst(long dimension) {
    long[] copy = dimensions.clone();
    copy[0] = dimension;
    return of(copy);
  }

  /** Whether a tensor of shape {@code concrete} is allowed where this shape is declared. */
  public boolean accepts(Shape concrete) {
    if (concrete.dimensions.length != dimensions.length) {
      return false;
    }
    for (int i = 0; i < dimensions.length; i++) {
      if (dimensions[i] != DYNAMIC && dimensions[i] != concrete.dimensions[i]) {
        return false;
      }
    }
    return true;
  }

  /** Whether both shapes agree in every dimension after the first, so that rows can be joined. */
  public boolean sameRow(Shape other) {
    return dimensions.length == other.dimensions.length
        && dimensions.length > 0
        && Arrays.equals(
            dimensions, 1, dimensions.length, other.dimensions, 1, other.dimensions.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dimensions, shape.dimensions);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dimensions);
  }

  @Override
  public String toString() {
    return Arrays.toString(dimensions);
  }
}
