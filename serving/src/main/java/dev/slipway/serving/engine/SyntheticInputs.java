package dev.slipway.serving.engine;

import dev.slipway.core.model.FieldSpec;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Made-up inputs that a signature accepts, for warm-up, for the race between engines and for
 * profiles, where no real request is at hand.
 *
 * <p>Values keep to the ranges and categories of the fields and are never NaN. Where nothing bounds
 * them they are chosen so that most models accept them: floating-point numbers are normal with a
 * standard deviation of 1, 10 or 100, so that rows take different ways through a tree; integers are
 * 0 or 1, which are valid tokens, masks and indices; strings are small decimal numbers. Inputs that
 * are optional are left out.
 */
public final class SyntheticInputs {
  private final SplittableRandom random;

  private SyntheticInputs(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /**
   * Inputs with every dynamic dimension but the batch of length 1.
   *
   * @param rows length of a dynamic first dimension, {@code >= 0}; a fixed one keeps its length
   * @param seed the same seed gives the same inputs
   * @return one tensor per input that is not optional, in the signature's order, in direct buffers
   *     of their own
   * @throws IllegalArgumentException if a tensor would need more than 2 GiB
   */
  public static List<Tensor> of(ModelSignature signature, int rows, long seed) {
    return of(signature, rows, 1, seed);
  }

  /**
   * As {@link #of(ModelSignature, int, long)}, for models that need a certain length where their
   * signature names none.
   *
   * @param dynamicLength length of every dynamic dimension but the first, {@code >= 0}
   */
  public static List<Tensor> of(ModelSignature signature, int rows, int dynamicLength, long seed) {
    if (rows < 0 || dynamicLength < 0) {
      throw new IllegalArgumentException(
          "rows: %d, dynamicLength: %d (expected: >= 0)".formatted(rows, dynamicLength));
    }
    SyntheticInputs inputs = new SyntheticInputs(seed);
    return signature.inputs().stream()
        .filter(spec -> !spec.optional())
        .map(spec -> inputs.tensor(spec, concrete(spec.shape(), rows, dynamicLength)))
        .toList();
  }

  private static Shape concrete(Shape declared, int rows, int dynamicLength) {
    long[] dimensions = declared.toArray();
    for (int i = 0; i < dimensions.length; i++) {
      if (dimensions[i] == Shape.DYNAMIC) {
        dimensions[i] = i == 0 ? rows : dynamicLength;
      }
    }
    return Shape.of(dimensions);
  }

  private Tensor tensor(TensorSpec spec, Shape shape) {
    long count = shape.elementCount();
    if (count > Integer.MAX_VALUE / Math.max(1, spec.datatype().byteSize())) {
      throw new IllegalArgumentException(
          "%s: %s %s (expected: at most 2 GiB)".formatted(spec.name(), spec.datatype(), shape));
    }
    ByteBuffer data =
        spec.datatype().isFixedSize()
            ? numbers(spec, (int) count)
            : strings(spec.fields(), (int) count);
    return new Tensor(spec.name(), spec.datatype(), shape, data);
  }

  private ByteBuffer numbers(TensorSpec spec, int count) {
    int size = spec.datatype().byteSize();
    ByteBuffer data = direct(count * size);
    for (int i = 0; i < count; i++) {
      put(data, i * size, spec.datatype(), field(spec.fields(), i));
    }
    return data;
  }

  private static FieldSpec field(List<FieldSpec> fields, int element) {
    return fields.isEmpty() ? FieldSpec.named("") : fields.get(element % fields.size());
  }

  private void put(ByteBuffer data, int at, DataType datatype, FieldSpec field) {
    switch (datatype) {
      case BOOL -> data.put(at, (byte) integer(field, 0, 1));
      case INT8 -> data.put(at, (byte) integer(field, Byte.MIN_VALUE, Byte.MAX_VALUE));
      case INT16 -> data.putShort(at, (short) integer(field, Short.MIN_VALUE, Short.MAX_VALUE));
      case INT32 -> data.putInt(at, (int) integer(field, Integer.MIN_VALUE, Integer.MAX_VALUE));
      case INT64 -> data.putLong(at, integer(field, Long.MIN_VALUE, Long.MAX_VALUE));
      case UINT8 -> data.put(at, (byte) integer(field, 0, 0xFF));
      case UINT16 -> data.putShort(at, (short) integer(field, 0, 0xFFFF));
      case UINT32 -> data.putInt(at, (int) integer(field, 0, 0xFFFF_FFFFL));
      case UINT64 -> data.putLong(at, integer(field, 0, Long.MAX_VALUE));
      case FP16 -> data.putShort(at, half(field));
      case BF16 -> data.putShort(at, brain(field));
      case FP32 -> data.putFloat(at, single(field));
      case FP64 -> data.putDouble(at, real(field));
      case BYTES -> throw new IllegalStateException("strings are not written here");
    }
  }

  private ByteBuffer strings(List<FieldSpec> fields, int count) {
    List<byte[]> elements = new ArrayList<>(count);
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      List<String> categories = field(fields, i).categories();
      String element =
          categories.isEmpty()
              ? Integer.toString(random.nextInt(100))
              : categories.get(random.nextInt(categories.size()));
      byte[] encoded = element.getBytes(StandardCharsets.UTF_8);
      elements.add(encoded);
      bytes += Integer.BYTES + encoded.length;
    }
    ByteBuffer data = direct(Math.toIntExact(bytes));
    for (byte[] element : elements) {
      data.putInt(element.length).put(element);
    }
    return data.flip();
  }

  private long integer(FieldSpec field, long least, long greatest) {
    Optional<BigDecimal> category = category(field);
    if (category.isPresent()) {
      return category.get().toBigInteger().longValue();
    }
    boolean hasMin = field.min() != Double.NEGATIVE_INFINITY;
    boolean hasMax = field.max() != Double.POSITIVE_INFINITY;
    // The cast saturates, so that infinities and bounds past 64 bits become the type's own.
    long min = Math.max(least, (long) Math.ceil(field.min()));
    long max = Math.min(greatest, (long) Math.floor(field.max()));
    if (!hasMin && !hasMax) {
      return random.nextInt(2);
    }
    if (!hasMin) {
      min = max - Math.min(1, max - least);
    } else if (!hasMax) {
      max = min + Math.min(1, greatest - min);
    }
    if (min >= max) {
      return min;
    }
    return max == Long.MAX_VALUE
        ? random.nextLong(min - 1, max) + 1
        : random.nextLong(min, max + 1);
  }

  private double real(FieldSpec field) {
    Optional<BigDecimal> category = category(field);
    if (category.isPresent()) {
      return category.get().doubleValue();
    }
    boolean hasMin = field.min() != Double.NEGATIVE_INFINITY;
    boolean hasMax = field.max() != Double.POSITIVE_INFINITY;
    if (hasMin && hasMax) {
      double share = random.nextDouble();
      return Math.clamp(field.min() * (1 - share) + field.max() * share, field.min(), field.max());
    }
    double deviation =
        switch (random.nextInt(3)) {
          case 0 -> 1;
          case 1 -> 10;
          default -> 100;
        };
    double value = random.nextGaussian() * deviation;
    if (hasMin) {
      return field.min() + Math.abs(value);
    }
    return hasMax ? field.max() - Math.abs(value) : value;
  }

  /** Rounding to a narrower type may leave the range; then the neighbour inside is taken. */
  private float single(FieldSpec field) {
    double value = real(field);
    float rounded = (float) value;
    if (rounded > field.max()) {
      return Math.nextDown(rounded);
    }
    return rounded < field.min() ? Math.nextUp(rounded) : rounded;
  }

  private short half(FieldSpec field) {
    float value = single(field);
    short bits = Float.floatToFloat16(value);
    float rounded = Float.float16ToFloat(bits);
    if (rounded > field.max()) {
      return (short) (rounded > 0 ? bits - 1 : bits + 1);
    }
    if (rounded < field.min()) {
      return (short) (rounded < 0 ? bits - 1 : bits + 1);
    }
    return bits;
  }

  /** Cuts the lower half, which rounds towards zero. */
  private short brain(FieldSpec field) {
    float value = single(field);
    int bits = Float.floatToRawIntBits(value) >>> 16;
    float rounded = Float.intBitsToFloat(bits << 16);
    boolean outside = rounded > field.max() || rounded < field.min();
    return (short) (outside ? bits + 1 : bits);
  }

  /** One of the categories that are numbers and lie in the range. */
  private Optional<BigDecimal> category(FieldSpec field) {
    List<BigDecimal> values =
        field.categories().stream()
            .map(SyntheticInputs::number)
            .flatMap(Optional::stream)
            .filter(
                value -> value.doubleValue() >= field.min() && value.doubleValue() <= field.max())
            .toList();
    return values.isEmpty()
        ? Optional.empty()
        : Optional.of(values.get(random.nextInt(values.size())));
  }

  private static Optional<BigDecimal> number(String category) {
    return switch (category) {
      case "true" -> Optional.of(BigDecimal.ONE);
      case "false" -> Optional.of(BigDecimal.ZERO);
      default -> {
        try {
          yield Optional.of(new BigDecimal(category));
        } catch (NumberFormatException e) {
          yield Optional.empty();
        }
      }
    };
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
