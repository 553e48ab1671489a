package dev.slipway.engine.trees;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.engine.trees.ensemble.TreeEnsemble;
import dev.slipway.engine.trees.forest.CompiledEnsemble.Layout;
import dev.slipway.engine.trees.format.TreeModelReader;
import dev.slipway.testkit.engine.TestTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every ONNX model answers as ONNX Runtime in the same process, on rows made to be awkward. */
class OnnxRuntimeComparisonTest {
  private static final long SEED = 20_261_124L;
  private static final int BATCH = 500;

  static Stream<String> names() {
    return Golden.names().stream().filter(n -> Golden.load(n).format() == ArtifactFormat.ONNX);
  }

  @ParameterizedTest
  @MethodSource("names")
  void answersAsOnnxRuntime(String name) throws OrtException {
    compare(name, Golden.load(name).model(), 2_000);
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("names")
  void answersAsOnnxRuntimeOnAMillionRows(String name) throws OrtException {
    compare(name, Golden.load(name).model(), 1_000_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sklearn-onnx/treecl.onnx",
        "sklearn-onnx/treecl2.onnx",
        "sklearn-onnx/treecl3.onnx",
        "fraud/fraud-lgbm-weeks0-3.onnx",
        "fraud/fraud-lgbm-weeks4-7.onnx"
      })
  void answersAsOnnxRuntimeForModelsFromElsewhere(String path) throws IOException, OrtException {
    compare(path, Files.readAllBytes(SharedModels.require(path)), 20_000);
  }

  private static void compare(String name, byte[] bytes, int rows) throws OrtException {
    TreeEnsemble ensemble = TreeModelReader.read(ArtifactFormat.ONNX, bytes);
    TreeModel model = TreeModel.of(ensemble, Layout.AUTO);
    TreeModel walked = TreeModel.of(ensemble, Layout.WALK);
    try (OrtReference reference = new OrtReference(bytes);
        TreeSession session = model.openSession();
        TreeSession walking = walked.openSession()) {
      requireSameSignature(model, reference);
      int columns = columns(ensemble);
      for (int start = 0; start < rows; start += BATCH) {
        Tensor input = AwkwardRows.of(ensemble, BATCH, columns, SEED + start);
        String what = "%s, seed %d".formatted(name, SEED + start);
        List<Tensor> expected = reference.run(input);
        requireSame(what, session.infer(List.of(input), Long.MAX_VALUE), expected);
        requireSame(what, walking.infer(List.of(input), Long.MAX_VALUE), expected);
      }
    }
  }

  private static int columns(TreeEnsemble ensemble) {
    long declared = ensemble.input().shape().dimension(1);
    return declared > 0 ? (int) declared : 64;
  }

  private static void requireSameSignature(TreeModel model, OrtReference reference)
      throws OrtException {
    TensorSpec input = model.signature().inputs().getFirst();
    assertThat(input.shape().toArray()).isEqualTo(reference.input().getShape());
    assertThat(model.signature().outputs().stream().map(TensorSpec::name))
        .isEqualTo(reference.outputNames());
  }

  private static void requireSame(String what, List<Tensor> actual, List<Tensor> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      Tensor got = actual.get(i);
      Tensor wanted = expected.get(i);
      assertThat(got.datatype()).as(what).isEqualTo(wanted.datatype());
      assertThat(got.shape()).as(what).isEqualTo(wanted.shape());
      switch (got.datatype()) {
        case FP32, FP64 -> requireClose(what, got, wanted);
        case BYTES ->
            assertThat(TestTensors.strings(got)).as(what).isEqualTo(TestTensors.strings(wanted));
        case BOOL, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, FP16, BF16 -> {
          for (int k = 0; k < got.elementCount(); k++) {
            if (got.data().getLong(8 * k) != wanted.data().getLong(8 * k)) {
              throw new AssertionError(
                  "%s, label of row %d: %d (expected: %d)"
                      .formatted(what, k, got.data().getLong(8 * k), wanted.data().getLong(8 * k)));
            }
          }
        }
      }
    }
  }

  private static void requireClose(String what, Tensor got, Tensor wanted) {
    double[] actual = Tensors.doubles(got);
    double[] expected = Tensors.doubles(wanted);
    for (int k = 0; k < actual.length; k++) {
      if (!Tensors.isClose(actual[k], expected[k], 1e-6)) {
        throw new AssertionError(
            "%s, %s[%d]: %s (expected: %s)".formatted(what, got.name(), k, actual[k], expected[k]));
      }
    }
  }
}
