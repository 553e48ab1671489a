package dev.slipway.serving.validation;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.FieldSpec;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The value constraints of one input, as flat arrays by field. A subclass per family of datatypes
 * reads its elements without boxing. Immutable and thread-safe.
 */
abstract sealed class ValueCheck permits RealCheck, IntegerCheck, TextCheck {
  private static final int CATEGORIES_SHOWN = 10;

  private final List<FieldSpec> fields;
  private final long elementsPerRow;

  ValueCheck(TensorSpec spec) {
    this.fields = spec.fields();
    long perRow = 1;
    for (int i = 1; i < spec.shape().rank(); i++) {
      perRow *= Math.max(0, spec.shape().dimension(i));
    }
    this.elementsPerRow = perRow;
  }

  /** Compiled constraints, or null where every value is allowed. */
  static @Nullable ValueCheck of(TensorSpec spec) {
    if (spec.fields().stream().allMatch(FieldSpec::isUnconstrained)) {
      return null;
    }
    return switch (spec.datatype()) {
      case FP16, BF16, FP32, FP64 -> new RealCheck(spec);
      case BOOL, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> new IntegerCheck(spec);
      case BYTES -> new TextCheck(spec);
    };
  }

  /**
   * @param place of the tensor among the request's inputs, for the message
   * @throws SlipwayException VALUE_REJECTED at the first value that is not allowed
   */
  abstract void check(Tensor tensor, int place);

  final int fieldCount() {
    return fields.size();
  }

  final SlipwayException rejected(int place, int element, int fieldIndex, String value) {
    FieldSpec field = fields.get(fieldIndex);
    StringBuilder message = new StringBuilder("inputs[").append(place).append("].data[");
    message.append(element).append(']');
    String name = field.name().isEmpty() ? "" : "field " + field.name();
    String row = elementsPerRow > 0 ? "row " + element / elementsPerRow : "";
    if (!name.isEmpty() || !row.isEmpty()) {
      message.append(" (").append(name);
      message.append(name.isEmpty() || row.isEmpty() ? "" : ", ").append(row).append(')');
    }
    message.append(": ").append(value).append(" (expected: ").append(expected(field)).append(')');
    return new SlipwayException(ErrorCode.VALUE_REJECTED, message.toString());
  }

  private static String expected(FieldSpec field) {
    List<String> categories = field.categories();
    if (!categories.isEmpty()) {
      return categories.size() <= CATEGORIES_SHOWN
          ? "one of " + categories
          : "one of %s and %d more"
              .formatted(
                  categories.subList(0, CATEGORIES_SHOWN), categories.size() - CATEGORIES_SHOWN);
    }
    boolean hasMin = field.min() != Double.NEGATIVE_INFINITY;
    boolean hasMax = field.max() != Double.POSITIVE_INFINITY;
    if (hasMin && hasMax) {
      return "in [%s, %s]".formatted(shown(field.min()), shown(field.max()));
    }
    if (hasMin) {
      return ">= " + shown(field.min());
    }
    return hasMax ? "<= " + shown(field.max()) : "a number, not NaN";
  }

  private static String shown(double bound) {
    return bound == Math.rint(bound) && Math.abs(bound) < 1e15
        ? Long.toString((long) bound)
        : Double.toString(bound);
  }
}
