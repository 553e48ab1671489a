package dev.slipway.serving.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.FieldSpec;
import dev.slipway.core.model.FieldSpec.NanPolicy;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.testing.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ValueCheckTest {
  private static final double NONE = Double.POSITIVE_INFINITY;

  @Test
  void withoutConstraintsThereIsNothingToCheck() {
    assertThat(ValueCheck.of(TensorSpec.of("x", DataType.FP32, Shape.of(-1, 2)))).isNull();
    assertThat(ValueCheck.of(spec(DataType.FP32, FieldSpec.named("a")))).isNull();
  }

  @Test
  void theMessageNamesElementFieldRowValueAndExpectation() {
    FieldSpec[] fields = new FieldSpec[8];
    for (int i = 0; i < 8; i++) {
      fields[i] = FieldSpec.named("f" + i);
    }
    fields[1] = range("amount", 0, NONE);
    Number[] values = new Number[24];
    Arrays.fill(values, 1);
    values[17] = -3.0;
    TensorSpec spec =
        new TensorSpec("x", DataType.FP32, Shape.of(-1, 8), "", List.of(fields), false);
    rejects(
        spec,
        Tensors.of("x", DataType.FP32, Shape.of(3, 8), values),
        "inputs[4].data[17] (field amount, row 2): -3.0 (expected: >= 0)");
  }

  @Test
  void rangesCategoriesAndNan() {
    TensorSpec both = spec(DataType.FP64, range("a", 0, 1));
    rejects(both, fp64(1.5), "inputs[4].data[0] (field a, row 0): 1.5 (expected: in [0, 1])");
    rejects(both, fp64(Double.POSITIVE_INFINITY), "Infinity (expected: in [0, 1])");
    rejects(
        spec(DataType.FP64, range("", -NONE, 0.25)),
        fp64(0.5),
        "inputs[4].data[0] (row 0): 0.5 (expected: <= 0.25)");
    accepts(both, fp64(Double.NaN));
    rejects(
        spec(DataType.FP64, new FieldSpec("a", "", -NONE, NONE, List.of(), NanPolicy.REJECT)),
        fp64(Double.NaN),
        "NaN (expected: a number, not NaN)");
    TensorSpec categories = spec(DataType.FP64, categories("0", "2.50", "-7"));
    accepts(categories, fp64(2.5));
    accepts(categories, fp64(-0.0));
    rejects(categories, fp64(3), "3.0 (expected: one of [0, 2.50, -7])");
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"BYTES", "BOOL"},
      mode = EnumSource.Mode.EXCLUDE)
  void everyNumericDatatypeIsCompared(DataType type) {
    TensorSpec range = spec(type, range("a", 3, 100));
    accepts(range, Tensors.of("x", type, Shape.of(2, 1), 3, 100));
    rejects(range, Tensors.of("x", type, Shape.of(2, 1), 3, 101), "data[1] (field a, row 1): 101");
    rejects(range, Tensors.of("x", type, Shape.of(1, 1), 2), "(expected: in [3, 100])");
    TensorSpec categories = spec(type, categories("5", "7.0", "x"));
    accepts(categories, Tensors.of("x", type, Shape.of(2, 1), 5, 7));
    rejects(categories, Tensors.of("x", type, Shape.of(1, 1), 6), "(expected: one of [5, 7.0, x])");
  }

  @Test
  void sixtyFourBitIntegersKeepAllTheirBits() {
    TensorSpec signed = spec(DataType.INT64, categories("9007199254740993"));
    accepts(signed, Tensors.of("x", DataType.INT64, Shape.of(1, 1), 9007199254740993L));
    rejects(
        signed,
        Tensors.of("x", DataType.INT64, Shape.of(1, 1), 9007199254740992L),
        "9007199254740992 (expected: one of [9007199254740993])");
    TensorSpec unsigned = spec(DataType.UINT64, range("a", 1, 1e19));
    accepts(unsigned, Tensors.of("x", DataType.UINT64, Shape.of(1, 1), Long.MIN_VALUE));
    rejects(
        unsigned,
        Tensors.of("x", DataType.UINT64, Shape.of(1, 1), -1L),
        "18446744073709551615 (expected: in [1, 1.0E19])");
    rejects(unsigned, Tensors.of("x", DataType.UINT64, Shape.of(1, 1), 0L), ": 0 (");
  }

  @Test
  void booleansAndStringsHaveCategories() {
    TensorSpec onlyTrue = spec(DataType.BOOL, categories("true"));
    accepts(onlyTrue, Tensors.of("x", DataType.BOOL, Shape.of(1, 1), 1));
    rejects(
        onlyTrue,
        Tensors.of("x", DataType.BOOL, Shape.of(1, 1), 0),
        ": false (expected: one of [true])");
    TensorSpec colours = spec(DataType.BYTES, categories("red", "grün"));
    accepts(colours, Tensors.strings("x", Shape.of(2, 1), "grün", "red"));
    rejects(
        colours,
        Tensors.strings("x", Shape.of(2, 1), "red", "blue"),
        "inputs[4].data[1] (field a, row 1): 'blue' (expected: one of [red, grün])");
  }

  @Property(tries = 500)
  void aBoundAsWrittenIsItselfAllowedInEveryPrecision(
      @ForAll @FloatRange(min = -60_000, max = 60_000) float bound) {
    double written = Double.parseDouble(Float.toString(bound)) + 1e-9;
    accepts(
        spec(DataType.FP32, range("a", -NONE, written)),
        Tensors.of("x", DataType.FP32, Shape.of(1, 1), (float) written));
    accepts(
        spec(DataType.FP16, range("a", written, NONE)),
        Tensors.of("x", DataType.FP16, Shape.of(1, 1), written));
  }

  private static Tensor fp64(double value) {
    return Tensors.of("x", DataType.FP64, Shape.of(1, 1), value);
  }

  private static FieldSpec range(String name, double min, double max) {
    return new FieldSpec(name, "", min, max, List.of(), NanPolicy.ALLOW);
  }

  private static FieldSpec categories(String... values) {
    return new FieldSpec("a", "", -NONE, NONE, List.of(values), NanPolicy.ALLOW);
  }

  private static TensorSpec spec(DataType type, FieldSpec field) {
    return new TensorSpec("x", type, Shape.of(-1, 1), "", List.of(field), false);
  }

  private static void accepts(TensorSpec spec, Tensor tensor) {
    ValueCheck check = Objects.requireNonNull(ValueCheck.of(spec));
    assertThatCode(() -> check.check(tensor, 4)).doesNotThrowAnyException();
  }

  private static void rejects(TensorSpec spec, Tensor tensor, String message) {
    ValueCheck check = Objects.requireNonNull(ValueCheck.of(spec));
    assertThatThrownBy(() -> check.check(tensor, 4))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.VALUE_REJECTED))
        .hasMessageContaining(message);
  }
}
