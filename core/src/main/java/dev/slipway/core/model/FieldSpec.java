package dev.slipway.core.model;

import java.util.List;

/**
 * What one field (a column of the last dimension, or every element of a tensor) may hold.
 *
 * @param name empty when the model does not name its fields
 * @param min least value allowed; negative infinity means no bound. NaN is judged by {@code nan}
 *     alone, and infinities by the bounds
 * @param max greatest value allowed; infinity means no bound
 * @param categories values allowed, as text (a number is compared by value); empty means any
 */
public record FieldSpec(
    String name,
    String description,
    double min,
    double max,
    List<String> categories,
    NanPolicy nan) {
  /** Whether a NaN (a missing value, to tree models) may be sent. */
  public enum NanPolicy {
    ALLOW,
    REJECT
  }

  public FieldSpec {
    if (!(min <= max)) {
      throw new IllegalArgumentException(
          "field %s: range [%s, %s] (expected: min <= max)".formatted(name, min, max));
    }
    categories = List.copyOf(categories);
  }

  public static FieldSpec named(String name) {
    return new FieldSpec(
        name, "", Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, List.of(), NanPolicy.ALLOW);
  }

  /** Whether this field allows every value. */
  public boolean isUnconstrained() {
    return min == Double.NEGATIVE_INFINITY
        && max == Double.POSITIVE_INFINITY
        && categories.isEmpty()
        && nan == NanPolicy.ALLOW;
  }
}
