package dev.slipway.engine.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.FieldSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.testkit.engine.TestArtifacts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that others trained, as files found in the wild. */
class SharedModelsTest {
  private final TreeEngine engine = new TreeEngine();

  @ParameterizedTest
  @CsvSource({
    "fraud/fraud-lgbm-weeks0-3.txt, LIGHTGBM_TEXT, p_v1",
    "fraud/fraud-lgbm-weeks0-3.onnx, ONNX, p_v1",
    "fraud/fraud-lgbm-weeks4-7.txt, LIGHTGBM_TEXT, p_v2",
    "fraud/fraud-lgbm-weeks4-7.onnx, ONNX, p_v2"
  })
  void scoresTransactionsAsTheirTrainerDid(String path, ArtifactFormat format, String column)
      throws IOException {
    Path file = SharedModels.require(path);
    List<float[]> rows = new ArrayList<>();
    List<Double> expected = new ArrayList<>();
    readTransactions(column, rows, expected);
    float[] flat = new float[rows.size() * 15];
    for (int r = 0; r < rows.size(); r++) {
      System.arraycopy(rows.get(r), 0, flat, 15 * r, 15);
    }
    try (TreeModel model = engine.load(TestArtifacts.of(file, format), EngineSettings.DEFAULT);
        TreeSession session = model.openSession()) {
      Tensor input = Tensors.of("input", DataType.FP32, rows.size(), 15, flat);
      double[] scores = Tensors.doubles(session.infer(List.of(input), Long.MAX_VALUE).getFirst());
      assertThat(scores).hasSize(2_000);
      for (int r = 0; r < scores.length; r++) {
        assertThat(Tensors.isClose(scores[r], expected.get(r), 1e-5))
            .as("row %d: %s (expected: %s)", r, scores[r], expected.get(r))
            .isTrue();
      }
    }
  }

  private static void readTransactions(String column, List<float[]> rows, List<Double> expected)
      throws IOException {
    Path file = SharedModels.require("fraud/expected-2000.csv.gz");
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      List<String> header = List.of(in.readLine().split(","));
      int first = header.indexOf("TX_AMOUNT");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] cells = line.split(",");
        float[] row = new float[15];
        for (int i = 0; i < row.length; i++) {
          row[i] = Float.parseFloat(cells[first + i]);
        }
        rows.add(row);
        expected.add(Double.parseDouble(cells[header.indexOf(column)]));
      }
    }
  }

  @Test
  void tellsTheNamesOfFeatures() {
    Path file = SharedModels.require("fraud/fraud-lgbm-weeks0-3.txt");
    assertThat(
            engine
                .inspect(TestArtifacts.of(file, ArtifactFormat.LIGHTGBM_TEXT))
                .inputs()
                .getFirst()
                .fields())
        .extracting(FieldSpec::name)
        .startsWith("TX_AMOUNT", "TX_DURING_WEEKEND")
        .hasSize(15);
  }

  /** Setosa, versicolor and virginica, textbook flowers that any sound model tells apart. */
  @ParameterizedTest
  @CsvSource({"kserve/xgb-iris.ubj, XGBOOST_UBJ", "kserve/lgb-iris.txt, LIGHTGBM_TEXT"})
  void knowsTheFlowers(String path, ArtifactFormat format) {
    Path file = SharedModels.require(path);
    float[] flowers = {5.1f, 3.5f, 1.4f, 0.2f, 5.9f, 2.8f, 4.2f, 1.3f, 6.7f, 3.1f, 5.6f, 2.4f};
    try (TreeModel model = engine.load(TestArtifacts.of(file, format), EngineSettings.DEFAULT);
        TreeSession session = model.openSession()) {
      Tensor input = Tensors.of("input", DataType.FP32, 3, 4, flowers);
      double[] answer = Tensors.doubles(session.infer(List.of(input), Long.MAX_VALUE).getFirst());
      if (answer.length == 3) {
        assertThat(answer).containsExactly(0, 1, 2);
      } else {
        assertThat(answer).hasSize(9);
        assertThat(Math.min(answer[0], Math.min(answer[4], answer[8]))).isGreaterThan(0.5);
      }
    }
  }

  @Test
  void namesTheConversionOfLegacyXgboostFiles() {
    Path file = SharedModels.require("kserve/xgb-iris.bst");
    assertThatThrownBy(() -> engine.inspect(TestArtifacts.of(file, ArtifactFormat.XGBOOST_UBJ)))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.FORMAT_UNSUPPORTED))
        .hasMessageContaining("save_model(\"model.ubj\")");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "onnxruntime-inference-examples/mnist.onnx",
        "tribuo/iris-lr-model.onnx",
        "triton/simple.onnx",
        "vespa/dynamic_model.onnx"
      })
  void leavesOtherGraphsToOnnxRuntime(String path) {
    Path file = SharedModels.require(path);
    assertThat(engine.supports(TestArtifacts.of(file, ArtifactFormat.ONNX))).isFalse();
  }
}
