package dev.slipway.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.tensor.Tensor;
import java.util.List;

/** Compares tensors by what they say, with the element named where they differ. */
public final class TensorAssertions {
  private TensorAssertions() {}

  /**
   * @param tolerance as in {@link GoldenModel#tolerance()}
   */
  public static void assertSame(
      String what, List<Tensor> actual, List<Tensor> expected, double tolerance) {
    assertThat(actual)
        .as("%s: output names", what)
        .extracting(Tensor::name)
        .containsExactlyElementsOf(expected.stream().map(Tensor::name).toList());
    for (int i = 0; i < expected.size(); i++) {
      assertSame(what, actual.get(i), expected.get(i), tolerance);
    }
  }

  public static void assertSame(String what, Tensor actual, Tensor expected, double tolerance) {
    String name = what + ": " + expected.name();
    assertThat(actual.datatype()).as("%s: datatype", name).isEqualTo(expected.datatype());
    assertThat(actual.shape()).as("%s: shape", name).isEqualTo(expected.shape());
    if (expected.datatype().isFixedSize()) {
      assertThat((long) actual.byteLength())
          .as("%s: bytes of %s", name, actual.shape())
          .isEqualTo(actual.elementCount() * actual.datatype().byteSize());
    }
    if (expected.datatype().isFloatingPoint()) {
      assertClose(name, TestTensors.reals(actual), TestTensors.reals(expected), tolerance);
    } else {
      List<byte[]> a = TestTensors.elements(actual);
      List<byte[]> e = TestTensors.elements(expected);
      assertThat(a).as("%s: elements", name).hasSameSizeAs(e);
      for (int i = 0; i < e.size(); i++) {
        assertThat(a.get(i)).as("%s[%d]", name, i).isEqualTo(e.get(i));
      }
    }
  }

  private static void assertClose(
      String name, double[] actual, double[] expected, double tolerance) {
    for (int i = 0; i < expected.length; i++) {
      boolean same =
          Double.compare(actual[i], expected[i]) == 0
              || Math.abs(actual[i] - expected[i])
                  <= tolerance * Math.max(1, Math.abs(expected[i]));
      assertThat(same)
          .as("%s[%d]: %s (expected: %s +- %s)", name, i, actual[i], expected[i], tolerance)
          .isTrue();
    }
  }
}
