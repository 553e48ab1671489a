package dev.slipway.platform.registry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.platform.registry.DetectedFormat.Auxiliary;
import dev.slipway.platform.registry.DetectedFormat.Foreign;
import dev.slipway.platform.registry.DetectedFormat.Served;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatDetectorTest {
  private static final Path SHARED =
      Path.of(System.getProperty("slipway.root", ".")).resolve("../shared/models");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "fraud/fraud-lgbm-weeks0-3.onnx, ONNX",
    "fraud/fraud-lgbm-weeks4-7.txt, LIGHTGBM_TEXT",
    "sklearn-onnx/treecl.onnx, ONNX",
    "tribuo/iris-lr-model.onnx, ONNX",
    "tribuo/lr_mnist.onnx, ONNX",
    "triton/simple_string.onnx, ONNX",
    "onnxruntime-inference-examples/mnist.onnx, ONNX",
    "vespa/dynamic_model.onnx, ONNX",
    "kserve/xgb-iris.ubj, XGBOOST_UBJ",
    "kserve/lgb-iris.txt, LIGHTGBM_TEXT",
  })
  void realModelsAreKnownWhateverTheirName(String path, ArtifactFormat format) throws IOException {
    Path file = SHARED.resolve(path);
    assumeTrue(Files.exists(file), "needs ../shared/models");
    Path nameless = Files.copy(file, folder.resolve("model"));

    assertThat(FormatDetector.detect(file)).isEqualTo(new Served(format));
    assertThat(FormatDetector.detect(nameless)).isEqualTo(new Served(format));
  }

  @ParameterizedTest
  @CsvSource({
    "kserve/xgb-iris.bst, XGBoost's binary format, model.ubj",
    "kserve/DecisionTreeIris.pmml, PMML, skl2onnx",
  })
  void realForeignModelsAreNamedWhateverTheirName(String path, String what, String mend)
      throws IOException {
    Path file = SHARED.resolve(path);
    assumeTrue(Files.exists(file), "needs ../shared/models");

    assertForeign(FormatDetector.detect(file), what, mend);
    assertForeign(
        FormatDetector.detect(Files.copy(file, folder.resolve("model.onnx"))), what, mend);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.bin         | \u0080\u0004\u0095.        | a Python pickle    | skl2onnx",
        "model.joblib  | x\u009c packed             | a Python pickle    | skl2onnx",
        "old.pkl       | (dp0                       | a Python pickle    | skl2onnx",
        "model.pt      | PK\u0003\u0004 m/data.pkl  | PyTorch            | torch.onnx.export",
        "weights.pth   | anything                   | PyTorch            | torch.onnx.export",
        "a.keras       | PK\u0003\u0004 config.json | Keras              | format='onnx'",
        "a.h5          | \u0089HDF                  | Keras              | format='onnx'",
        "a.tflite      | \u001c\u0000\u0000\u0000TFL3| TensorFlow Lite   | tf2onnx",
        "a.bin         | CBM1xxxx                   | CatBoost           | format='onnx'",
        "a.bin         | GGUFxxxx                   | GGUF               | remote",
        "a.safetensors | anything                   | safetensors        | torch.onnx.export",
        "a.ort         | xxxxORTM                   | ORT format         | ONNX file",
        "a.plan        | ptrt                       | TensorRT           | provider: tensorrt",
        "model.xml     | <net name='x'>             | OpenVINO           | provider: openvino",
        "dump.json     | [{\"nodeid\": 0            | dump of an XGBoost | model.ubj",
      })
  void everyForeignFormatIsNamedWithItsConversion(
      String name, String head, String what, String mend) throws IOException {
    assertForeign(detect(name, head), what, mend);
  }

  @Test
  void protobufsOfOthersAreToldByTheirNames() throws IOException {
    assertForeign(detect("saved_model.pb", "\b\1\u0012\3"), "TensorFlow graph", "tf2onnx");
    assertForeign(detect("a.mlmodel", "\b\4\u0012\1"), "Core ML", "ONNX");
    assertThat(detect("a", "\b\4\u0012\1")).isEqualTo(new Served(ArtifactFormat.ONNX));
  }

  @Test
  void theHdf5AndSafetensorsHeadersAreKnownWithoutAName() throws IOException {
    assertForeign(detect("a", "\u0089HDF\r\n\u001a\n"), "Keras", "onnx");
    assertForeign(detect("b", "@\0\0\0\0\0\0\0{\"w\":"), "safetensors", "onnx");
  }

  @Test
  void xgboostJsonIsToldFromOtherJson() throws IOException {
    assertThat(detect("m.json", "{\"learner\":{\"attributes\":{}"))
        .isEqualTo(new Served(ArtifactFormat.XGBOOST_JSON));
    assertThat(detect("m.bst", "{ \"version\": [2, 1], \"learner\" : {"))
        .isEqualTo(new Served(ArtifactFormat.XGBOOST_JSON));
    assertThat(detect("features.json", "{\"features\": []}")).isEqualTo(new Auxiliary());
  }

  @Test
  void aDamagedModelKeepsTheFormatOfItsName() throws IOException {
    assertThat(detect("m.onnx", "garbage")).isEqualTo(new Served(ArtifactFormat.ONNX));
    assertThat(detect("m.ubj", "garbage")).isEqualTo(new Served(ArtifactFormat.XGBOOST_UBJ));
    assertThat(detect("empty.onnx", "")).isEqualTo(new Served(ArtifactFormat.ONNX));
  }

  @Test
  void whatLiesBesideAModelIsNoModel() throws IOException {
    assertThat(detect("README.md", "# tree\n")).isEqualTo(new Auxiliary());
    assertThat(detect("weights.bin", "\0\0\0\0")).isEqualTo(new Auxiliary());
    assertThat(detect("labels.txt", "cat\ndog\n")).isEqualTo(new Auxiliary());
    assertThat(detect("empty", "")).isEqualTo(new Auxiliary());
  }

  private DetectedFormat detect(String name, String head) throws IOException {
    return FormatDetector.detect(Files.write(folder.resolve(name), head.getBytes(ISO_8859_1)));
  }

  private static void assertForeign(DetectedFormat format, String what, String mend) {
    assertThat(format)
        .isInstanceOfSatisfying(
            Foreign.class,
            foreign -> {
              assertThat(foreign.what()).contains(what);
              assertThat(foreign.mend()).contains(mend);
            });
  }
}
