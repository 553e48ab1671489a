package dev.slipway.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.engine.InferenceSession;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.serving.engine.SyntheticInputs;
import dev.slipway.testkit.engine.TensorAssertions;
import dev.slipway.testkit.engine.TestArtifacts;
import dev.slipway.testkit.engine.TestTensors;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real models of other projects, which lie beside the repository where they may be used. */
class SharedModelsTest {
  private static final Path MODELS =
      Path.of(System.getProperty("slipway.root", ".."), "..", "shared", "models");

  private final OnnxEngine engine = new OnnxEngine();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fraud/fraud-lgbm-weeks0-3.onnx|15",
        "fraud/fraud-lgbm-weeks4-7.onnx|15",
        "onnxruntime-inference-examples/matmul_2x.onnx|3",
        "onnxruntime-inference-examples/mnist.onnx|1",
        "sklearn-onnx/treecl.onnx|20",
        "sklearn-onnx/treecl2.onnx|20",
        "sklearn-onnx/treecl3.onnx|10",
        "tribuo/iris-lr-model.onnx|1",
        "tribuo/lr_mnist.onnx|1",
        "triton/simple.onnx|1",
        "triton/simple_string.onnx|1",
        "vespa/dynamic_model.onnx|2"
      })
  void everySharedModelRuns(String file, int dynamicLength) {
    try (LoadedModel model = engine.load(onnx(file), EngineSettings.DEFAULT);
        InferenceSession session = model.openSession()) {
      ModelSignature signature = model.signature();
      List<Tensor> outputs =
          session.infer(SyntheticInputs.of(signature, 2, dynamicLength, 1), Long.MAX_VALUE);
      assertThat(outputs).hasSameSizeAs(signature.outputs());
      for (int i = 0; i < outputs.size(); i++) {
        assertThat(signature.outputs().get(i).shape().accepts(outputs.get(i).shape()))
            .as("%s answered %s", signature.outputs().get(i), outputs.get(i))
            .isTrue();
      }
    }
  }

  /** The file has three columns that name the transaction, 15 features, and both models' scores. */
  @ParameterizedTest
  @CsvSource({"fraud/fraud-lgbm-weeks0-3.onnx,p_v1", "fraud/fraud-lgbm-weeks4-7.onnx,p_v2"})
  void theFraudModelReproducesItsTwoThousandScores(String file, String scoreColumn)
      throws IOException {
    List<String> lines = lines(shared("fraud/expected-2000.csv.gz"));
    int column = Arrays.asList(lines.getFirst().split(",")).indexOf(scoreColumn);
    int rows = lines.size() - 1;
    float[] features = new float[rows * 15];
    float[] scores = new float[rows];
    for (int row = 0; row < rows; row++) {
      String[] cells = lines.get(row + 1).split(",");
      for (int i = 0; i < 15; i++) {
        features[row * 15 + i] = Float.parseFloat(cells[3 + i]);
      }
      scores[row] = Float.parseFloat(cells[column]);
    }
    assertThat(rows).isEqualTo(2_000);
    try (LoadedModel model = engine.load(onnx(file), EngineSettings.DEFAULT);
        InferenceSession session = model.openSession()) {
      String input = model.signature().inputs().getFirst().name();
      Tensor output =
          session
              .infer(List.of(TestTensors.fp32(input, Shape.of(rows, 15), features)), Long.MAX_VALUE)
              .getFirst();
      TensorAssertions.assertSame(
          file, output, TestTensors.fp32(output.name(), Shape.of(rows, 1), scores), 1e-5);
    }
  }

  private static List<String> lines(Path file) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }

  @Test
  void tritonsExampleAddsAndSubtracts() {
    long[] first = new long[16];
    double[] sum = new double[16];
    double[] difference = new double[16];
    double[] a = new double[16];
    double[] b = new double[16];
    for (int i = 0; i < first.length; i++) {
      a[i] = i;
      b[i] = 1;
      sum[i] = i + 1;
      difference[i] = i - 1;
    }
    Shape shape = Shape.of(1, 16);
    try (LoadedModel model = engine.load(onnx("triton/simple.onnx"), EngineSettings.DEFAULT);
        InferenceSession session = model.openSession()) {
      TensorAssertions.assertSame(
          "simple",
          session.infer(
              List.of(
                  TestTensors.of("INPUT0", DataType.INT32, shape, a),
                  TestTensors.of("INPUT1", DataType.INT32, shape, b)),
              Long.MAX_VALUE),
          List.of(
              TestTensors.of("OUTPUT0", DataType.INT32, shape, sum),
              TestTensors.of("OUTPUT1", DataType.INT32, shape, difference)),
          0);
    }
  }

  @Test
  void aRowTooShortForATreeModelIsRefusedAndNeverReadPastItsEnd() {
    try (LoadedModel model = engine.load(onnx("sklearn-onnx/treecl.onnx"), EngineSettings.DEFAULT);
        InferenceSession session = model.openSession()) {
      String input = model.signature().inputs().getFirst().name();
      assertThatThrownBy(
              () ->
                  session.infer(
                      List.of(TestTensors.fp32(input, Shape.of(1, 1), 1f)), Long.MAX_VALUE))
          .isInstanceOfSatisfying(
              SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_TENSOR))
          .hasMessageContaining("Status Message: One path in the graph requests feature 19");
    }
  }

  private static ModelArtifact onnx(String file) {
    return TestArtifacts.of(shared(file), ArtifactFormat.ONNX);
  }

  private static Path shared(String file) {
    Path path = MODELS.resolve(file);
    assumeTrue(Files.isReadable(path), "no shared models beside the repository");
    return path;
  }
}
