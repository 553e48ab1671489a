package dev.slipway.serving.validation;

import dev.slipway.core.model.FieldSpec;
import dev.slipway.core.model.FieldSpec.NanPolicy;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.NumberElements;
import dev.slipway.core.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Floating-point values. Bounds and categories are rounded to the tensor's own datatype first, so
 * that the number a person wrote as a bound is itself allowed: 0.1 in FP32 is a little more than
 * 0.1.
 */
final class RealCheck extends ValueCheck {
  private final DataType datatype;
  private final double[] min;
  private final double[] max;
  private final boolean[] nanRejected;
  private final double[] @Nullable [] categories;

  RealCheck(TensorSpec spec) {
    super(spec);
    List<FieldSpec> fields = spec.fields();
    datatype = spec.datatype();
    min = new double[fields.size()];
    max = new double[fields.size()];
    nanRejected = new boolean[fields.size()];
    categories = new double[fields.size()][];
    for (int i = 0; i < min.length; i++) {
      FieldSpec field = fields.get(i);
      min[i] = rounded(field.min());
      max[i] = rounded(field.max());
      nanRejected[i] = field.nan() == NanPolicy.REJECT;
      categories[i] = field.categories().isEmpty() ? null : sorted(field.categories());
    }
  }

  @Override
  void check(Tensor tensor, int place) {
    ByteBuffer data = tensor.data();
    int fields = fieldCount();
    int size = datatype.byteSize();
    int field = 0;
    for (int at = 0, end = tensor.byteLength(); at < end; at += size) {
      double value = NumberElements.at(datatype, data, at);
      if (Double.isNaN(value) ? nanRejected[field] : isOutside(value, field)) {
        String shown =
            datatype == DataType.FP64 ? Double.toString(value) : Float.toString((float) value);
        throw rejected(place, at / size, field, shown);
      }
      if (++field == fields) {
        field = 0;
      }
    }
  }

  private boolean isOutside(double value, int field) {
    if (value < min[field] || value > max[field]) {
      return true;
    }
    double[] allowed = categories[field];
    // Adding zero turns -0.0 into 0.0, which the search would otherwise keep apart.
    return allowed != null && Arrays.binarySearch(allowed, value + 0.0) < 0;
  }

  private double[] sorted(List<String> texts) {
    double[] numbers =
        texts.stream()
            .flatMap(text -> CategoryNumber.of(text).stream())
            .mapToDouble(number -> rounded(number.doubleValue()) + 0.0)
            .toArray();
    Arrays.sort(numbers);
    return numbers;
  }

  private double rounded(double bound) {
    if (Double.isInfinite(bound)) {
      return bound;
    }
    return switch (datatype) {
      case FP16 -> Float.float16ToFloat(Float.floatToFloat16((float) bound));
      case BF16 -> roundedToBrainFloat((float) bound);
      case FP32 -> (float) bound;
      default -> bound;
    };
  }

  private static double roundedToBrainFloat(float bound) {
    int bits = Float.floatToRawIntBits(bound);
    int halfUlpToEven = 0x7FFF + ((bits >>> 16) & 1);
    return Float.intBitsToFloat((bits + halfUlpToEven) & 0xFFFF_0000);
  }
}
