package dev.slipway.serving.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.model.FieldSpec;
import dev.slipway.core.model.FieldSpec.NanPolicy;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SyntheticInputsTest {
  private static final int ROWS = 200;

  @ParameterizedTest
  @EnumSource(DataType.class)
  void everyDatatypeFillsADirectLittleEndianBufferExactly(DataType datatype) {
    Tensor tensor = single(spec(datatype, Shape.of(-1, 3)), 7);
    assertThat(tensor.shape()).isEqualTo(Shape.of(7, 3));
    assertThat(tensor.data().isDirect()).isTrue();
    assertThat(tensor.data().order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    if (datatype.isFixedSize()) {
      assertThat(tensor.byteLength()).isEqualTo(21 * datatype.byteSize());
    } else {
      assertThat(strings(tensor)).hasSize(21).allMatch(text -> text.matches("[0-9]{1,2}"));
    }
  }

  @ParameterizedTest
  @EnumSource(DataType.class)
  void theSameSeedGivesTheSameBytesAndAnotherSeedOthers(DataType datatype) {
    ModelSignature signature = signature(spec(datatype, Shape.of(-1, 5)));
    ByteBuffer first = SyntheticInputs.of(signature, ROWS, 42).getFirst().data();
    assertThat(SyntheticInputs.of(signature, ROWS, 42).getFirst().data()).isEqualTo(first);
    assertThat(SyntheticInputs.of(signature, ROWS, 43).getFirst().data()).isNotEqualTo(first);
  }

  @Test
  void dynamicDimensionsBecomeTheRowsAndTheLengthAskedFor() {
    ModelSignature signature =
        signature(
            spec(DataType.FP32, Shape.of(-1, -1, 2)),
            spec(DataType.FP32, Shape.of(4, -1)),
            spec(DataType.FP32, Shape.of()));
    assertThat(SyntheticInputs.of(signature, 5, 1))
        .extracting(Tensor::shape)
        .containsExactly(Shape.of(5, 1, 2), Shape.of(4, 1), Shape.of());
    assertThat(SyntheticInputs.of(signature, 0, 8, 1))
        .extracting(Tensor::shape)
        .containsExactly(Shape.of(0, 8, 2), Shape.of(4, 8), Shape.of());
  }

  @Test
  void optionalInputsAreLeftOut() {
    TensorSpec needed = spec(DataType.FP32, Shape.of(-1, 2));
    TensorSpec optional =
        new TensorSpec("extra", DataType.FP32, Shape.of(-1, 2), "", List.of(), true);
    assertThat(SyntheticInputs.of(signature(needed, optional), 1, 1))
        .extracting(Tensor::name)
        .containsExactly(needed.name());
  }

  @Test
  void categoriesAreTheOnlyValuesAndAllOfThemAppear() {
    assertThat(new TreeSet<>(strings(single(spec(DataType.BYTES, "red", "green"), ROWS))))
        .containsExactly("green", "red");
    Set<Long> numbers = new TreeSet<>();
    ByteBuffer data = single(spec(DataType.INT64, "-7", "3.0", "12"), ROWS).data();
    for (int i = 0; i < ROWS; i++) {
      numbers.add(data.getLong(i * Long.BYTES));
    }
    assertThat(numbers).containsExactly(-7L, 3L, 12L);
  }

  @Test
  void eachFieldOfARowKeepsToItsOwnRange() {
    TensorSpec spec =
        new TensorSpec(
            "x",
            DataType.FP32,
            Shape.of(-1, 3),
            "",
            List.of(
                range(0, 1),
                range(100, Double.POSITIVE_INFINITY),
                range(Double.NEGATIVE_INFINITY, -5)),
            false);
    ByteBuffer data = single(spec, ROWS).data();
    for (int row = 0; row < ROWS; row++) {
      assertThat(data.getFloat(row * 12)).isBetween(0f, 1f);
      assertThat(data.getFloat(row * 12 + 4)).isGreaterThanOrEqualTo(100f);
      assertThat(data.getFloat(row * 12 + 8)).isLessThanOrEqualTo(-5f);
    }
  }

  @Test
  void integersKeepToTheirRangeAndTheirDatatype() {
    ByteBuffer bytes = single(spec(DataType.UINT8, range(-1e9, 1e9)), ROWS).data();
    TreeSet<Integer> seen = new TreeSet<>();
    for (int i = 0; i < ROWS; i++) {
      seen.add(Byte.toUnsignedInt(bytes.get(i)));
    }
    assertThat(seen).hasSizeGreaterThan(50);
    ByteBuffer longs = single(spec(DataType.INT64, range(2.5, 4.5)), ROWS).data();
    for (int i = 0; i < ROWS; i++) {
      assertThat(longs.getLong(i * Long.BYTES)).isBetween(3L, 4L);
    }
  }

  @Property(tries = 300)
  void roundingToANarrowTypeNeverLeavesTheRange(
      @ForAll @FloatRange(min = -60_000, max = 60_000) float a, @ForAll long seed) {
    double width = Math.max(1e-3, Math.abs(a) * 0.02);
    FieldSpec field = range(a - width, a + width);
    for (DataType datatype : List.of(DataType.FP16, DataType.BF16, DataType.FP32, DataType.FP64)) {
      ByteBuffer data =
          SyntheticInputs.of(signature(spec(datatype, field)), 20, seed).getFirst().data();
      for (int i = 0; i < 20; i++) {
        double value =
            switch (datatype) {
              case FP16 -> Float.float16ToFloat(data.getShort(i * 2));
              case BF16 -> Float.intBitsToFloat(data.getShort(i * 2) << 16);
              case FP32 -> data.getFloat(i * 4);
              default -> data.getDouble(i * 8);
            };
        assertThat(value).as("%s", datatype).isBetween(field.min(), field.max());
      }
    }
  }

  @Test
  void absurdSizesAreRefused() {
    ModelSignature huge = signature(spec(DataType.FP64, Shape.of(-1, 1L << 29)));
    assertThatThrownBy(() -> SyntheticInputs.of(huge, 2, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 2 GiB");
    assertThatThrownBy(() -> SyntheticInputs.of(huge, -1, 1)).hasMessageContaining("rows: -1");
  }

  private static FieldSpec range(double min, double max) {
    return new FieldSpec("f", "", min, max, List.of(), NanPolicy.REJECT);
  }

  private static TensorSpec spec(DataType datatype, Shape shape) {
    return TensorSpec.of("x", datatype, shape);
  }

  private static TensorSpec spec(DataType datatype, FieldSpec field) {
    return new TensorSpec("x", datatype, Shape.of(-1, 1), "", List.of(field), false);
  }

  private static TensorSpec spec(DataType datatype, String... categories) {
    return spec(
        datatype,
        new FieldSpec(
            "f",
            "",
            Double.NEGATIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            List.of(categories),
            NanPolicy.REJECT));
  }

  private static ModelSignature signature(TensorSpec... inputs) {
    return new ModelSignature(List.of(inputs), List.of());
  }

  private static Tensor single(TensorSpec spec, int rows) {
    return SyntheticInputs.of(signature(spec), rows, 1).getFirst();
  }

  private static List<String> strings(Tensor tensor) {
    ByteBuffer data = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    List<String> elements = new ArrayList<>();
    while (data.hasRemaining()) {
      byte[] bytes = new byte[data.getInt()];
      data.get(bytes);
      elements.add(new String(bytes, StandardCharsets.UTF_8));
    }
    return elements;
  }
}
