package dev.slipway.engine.trees;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.tensor.Tensor;
import dev.slipway.engine.trees.ensemble.TreeEnsemble;
import dev.slipway.engine.trees.forest.CompiledEnsemble.Layout;
import dev.slipway.engine.trees.format.TreeModelReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Leaves and outputs are those of XGBoost, LightGBM and ONNX Runtime, row by row. */
class GoldenModelsTest {
  static Stream<String> names() {
    return Golden.names().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyLayoutAnswersAsTheLibrary(String name) {
    Golden golden = Golden.load(name);
    TreeEnsemble ensemble = TreeModelReader.read(golden.format(), golden.model());
    for (Layout layout : layouts(ensemble)) {
      TreeModel model = TreeModel.of(ensemble, layout);
      Tensor input =
          Tensors.of(
              ensemble.input().name(),
              ensemble.input().datatype(),
              golden.rows(),
              golden.columns(),
              golden.input());
      if (golden.trees() > 0) {
        assertThat(model.leaves(input))
            .as("%s leaves, %s", name, layout)
            .isEqualTo(golden.leaves());
      }
      try (TreeSession session = model.openSession()) {
        Tensor output = session.infer(List.of(input), Long.MAX_VALUE).getLast();
        assertThat(output.shape().dimension(1)).as(name).isEqualTo(golden.values());
        requireClose(name + ", " + layout, golden, Tensors.doubles(output));
      }
    }
  }

  private static List<Layout> layouts(TreeEnsemble ensemble) {
    List<Layout> layouts = new ArrayList<>(List.of(Layout.AUTO, Layout.WALK, Layout.WALK_WIDE));
    if (ensemble.trees().stream().allMatch(tree -> tree.leafCount() <= 64)) {
      layouts.add(Layout.MASKS);
    }
    return layouts;
  }

  /** Within 1e-6, relative for numbers beyond 1: FP32 has no more. */
  private static void requireClose(String name, Golden golden, double[] actual) {
    assertThat(actual).as(name).hasSize(golden.output().length);
    for (int i = 0; i < actual.length; i++) {
      double expected = golden.output()[i];
      if (!Tensors.isClose(actual[i], expected, 1e-6)) {
        throw new AssertionError(
            "%s, row %d, value %d: %s (expected: %s)"
                .formatted(name, i / golden.values(), i % golden.values(), actual[i], expected));
      }
    }
  }
}
