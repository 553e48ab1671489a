package dev.slipway.serving.validation;

import dev.slipway.core.model.FieldSpec;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Tensor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Integers and booleans, compared in 64 bits without a detour over floating point. Values of UINT64
 * are shifted by 2^63 so that signed comparison orders them.
 */
final class IntegerCheck extends ValueCheck {
  private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger GREATEST = BigInteger.valueOf(Long.MAX_VALUE);

  private final DataType datatype;
  private final BigInteger shift;
  private final long[] min;
  private final long[] max;
  private final boolean[] empty;
  private final long[] @Nullable [] categories;

  IntegerCheck(TensorSpec spec) {
    super(spec);
    List<FieldSpec> fields = spec.fields();
    datatype = spec.datatype();
    shift = datatype == DataType.UINT64 ? LEAST : BigInteger.ZERO;
    min = new long[fields.size()];
    max = new long[fields.size()];
    empty = new boolean[fields.size()];
    categories = new long[fields.size()][];
    for (int i = 0; i < min.length; i++) {
      FieldSpec field = fields.get(i);
      BigInteger lower = bound(field.min(), RoundingMode.CEILING);
      BigInteger upper = bound(field.max(), RoundingMode.FLOOR);
      empty[i] = lower.compareTo(GREATEST) > 0 || upper.compareTo(LEAST) < 0;
      min[i] = lower.max(LEAST).min(GREATEST).longValue();
      max[i] = upper.max(LEAST).min(GREATEST).longValue();
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
      long value = value(data, at);
      if (isOutside(value, field)) {
        throw rejected(place, at / size, field, shown(value));
      }
      if (++field == fields) {
        field = 0;
      }
    }
  }

  private boolean isOutside(long value, int field) {
    if (empty[field] || value < min[field] || value > max[field]) {
      return true;
    }
    long[] allowed = categories[field];
    return allowed != null && Arrays.binarySearch(allowed, value) < 0;
  }

  private long value(ByteBuffer data, int at) {
    return switch (datatype) {
      case BOOL, UINT8 -> data.get(at) & 0xFF;
      case INT8 -> data.get(at);
      case INT16 -> data.getShort(at);
      case UINT16 -> data.getShort(at) & 0xFFFF;
      case INT32 -> data.getInt(at);
      case UINT32 -> data.getInt(at) & 0xFFFF_FFFFL;
      case INT64 -> data.getLong(at);
      case UINT64 -> data.getLong(at) + Long.MIN_VALUE;
      case FP16, BF16, FP32, FP64, BYTES -> throw new IllegalStateException(datatype.name());
    };
  }

  private String shown(long value) {
    if (datatype == DataType.BOOL) {
      return value == 0 ? "false" : "true";
    }
    return BigInteger.valueOf(value).subtract(shift).toString();
  }

  private BigInteger bound(double bound, RoundingMode mode) {
    if (Double.isInfinite(bound)) {
      return bound < 0 ? LEAST : GREATEST;
    }
    return new BigDecimal(bound).setScale(0, mode).toBigInteger().add(shift);
  }

  private long[] sorted(List<String> texts) {
    long[] numbers =
        texts.stream()
            .flatMap(text -> CategoryNumber.of(text).stream())
            .filter(number -> number.stripTrailingZeros().scale() <= 0)
            .map(number -> number.toBigInteger().add(shift))
            .filter(number -> number.bitLength() < Long.SIZE)
            .mapToLong(BigInteger::longValue)
            .toArray();
    Arrays.sort(numbers);
    return numbers;
  }
}
