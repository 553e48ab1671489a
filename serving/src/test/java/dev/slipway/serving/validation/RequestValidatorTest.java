package dev.slipway.serving.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.RequestedOutput;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.testing.Tensors;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestValidatorTest {
  private static final TensorSpec A = TensorSpec.of("a", DataType.FP32, Shape.of(-1, 2));
  private static final TensorSpec B = TensorSpec.of("b", DataType.INT64, Shape.of(-1));
  private static final TensorSpec C =
      new TensorSpec("c", DataType.FP32, Shape.of(-1, 1), "", List.of(), true);
  private static final RequestValidator VALIDATOR =
      new RequestValidator(
          new ModelSignature(
              List.of(A, B, C),
              List.of(
                  TensorSpec.of("y", DataType.FP32, Shape.of(-1)),
                  TensorSpec.of("z", DataType.FP32, Shape.of(-1)))));

  @Test
  void inputsComeBackInTheSignaturesOrder() {
    Tensor a = a(2);
    Tensor b = b(2);
    Tensor c = Tensors.of("c", DataType.FP32, Shape.of(2, 1), 1, 2);
    assertThat(VALIDATOR.check(List.of(c, b, a))).containsExactly(a, b, c);
    assertThat(VALIDATOR.check(List.of(b, a))).containsExactly(a, b);
    List<Tensor> ordered = List.of(a, b, c);
    assertThat(VALIDATOR.check(ordered)).isSameAs(ordered);
    assertThat(VALIDATOR.rows(ordered)).isEqualTo(2);
  }

  @Test
  void wrongNamesAreNamed() {
    refuses(List.of(a(1)), "inputs: [a] (expected: [a, b, c], b is missing)");
    refuses(
        List.of(a(1), b(1), b(1).withName("x")), "inputs[2].name: x (expected: one of [a, b, c])");
    refuses(List.of(b(1), a(1), b(1)), "inputs[2].name: b (expected: each name once)");
    refuses(List.of(), "inputs: [] (expected: [a, b, c], a is missing)");
  }

  @Test
  void wrongTensorsAreNamedByTheirPlaceInTheRequest() {
    refuses(
        List.of(b(1), Tensors.of("a", DataType.FP64, Shape.of(1, 2), 1, 2)),
        "inputs[1].datatype: FP64 (expected: FP32)");
    refuses(
        List.of(Tensors.of("a", DataType.FP32, Shape.of(1, 3), 1, 2, 3), b(1)),
        "inputs[0].shape: [1, 3] (expected: [-1, 2])");
    refuses(
        List.of(Tensors.of("a", DataType.FP32, Shape.of(2), 1, 2), b(1)),
        "inputs[0].shape: [2] (expected: [-1, 2])");
    refuses(List.of(b(3), a(2)), "inputs[0].shape: [3] (expected: 2 rows, as input a has)");
    refuses(List.of(a(0), b(0)), "inputs[0].shape: [0, 2] (expected: at least one row)");
  }

  @Test
  void outputsAreFoundByName() {
    assertThat(VALIDATOR.outputs(List.of())).isNull();
    assertThat(VALIDATOR.outputs(List.of(RequestedOutput.of("z"), RequestedOutput.of("y"))))
        .containsExactly(1, 0);
    assertThatThrownBy(
            () -> VALIDATOR.outputs(List.of(RequestedOutput.of("z"), RequestedOutput.of("z"))))
        .hasMessage("outputs[1].name: z (expected: each name once)");
  }

  private static void refuses(List<Tensor> inputs, String message) {
    assertThatThrownBy(() -> VALIDATOR.check(inputs))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_TENSOR))
        .hasMessage(message);
  }

  private static Tensor a(int rows) {
    return Tensors.of("a", DataType.FP32, Shape.of(rows, 2), filled(2 * rows));
  }

  private static Tensor b(int rows) {
    return Tensors.of("b", DataType.INT64, Shape.of(rows), filled(rows));
  }

  private static Number[] filled(int count) {
    Number[] numbers = new Number[count];
    Arrays.fill(numbers, 1);
    return numbers;
  }
}
