package dev.slipway.serving.batching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.testing.Tensors;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RowSlicesTest {
  @Test
  void rowsAreCutFromNumbersAndFromStringsOfAnyLength() {
    Tensor numbers = Tensors.of("n", DataType.INT16, Shape.of(3, 2), 1, 2, 3, 4, 5, 6);
    Tensor strings = Tensors.strings("s", Shape.of(3, 1), "", "two words", "drei");
    RowSlices slices = Objects.requireNonNull(RowSlices.of(List.of(numbers, strings), 3));

    List<Tensor> first = slices.next(2, null);
    assertThat(first.get(0)).isEqualTo(Tensors.of("n", DataType.INT16, Shape.of(2, 2), 1, 2, 3, 4));
    assertThat(first.get(1)).isEqualTo(Tensors.strings("s", Shape.of(2, 1), "", "two words"));

    List<Tensor> last = slices.next(1, new int[] {1});
    assertThat(last).hasSize(1);
    byte[] text = new byte[4];
    last.get(0).data().get(4, text);
    assertThat(new String(text, StandardCharsets.UTF_8)).isEqualTo("drei");
  }

  @Test
  void outputsWithoutOneEntryPerRowCannotBeCut() {
    Tensor scalar = Tensors.of("y", DataType.FP32, Shape.of(), 1);
    Tensor other = Tensors.of("y", DataType.FP32, Shape.of(2), 1, 2);
    assertThat(RowSlices.of(List.of(scalar), 2)).isNull();
    assertThat(RowSlices.of(List.of(other), 3)).isNull();
  }
}
