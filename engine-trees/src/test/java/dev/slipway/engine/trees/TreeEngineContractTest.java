package dev.slipway.engine.trees;

import ai.onnxruntime.OrtException;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.serving.engine.ModelEngine;
import dev.slipway.testkit.engine.GoldenModel;
import dev.slipway.testkit.engine.GoldenModel.GoldenCase;
import dev.slipway.testkit.engine.ModelEngineKit;
import dev.slipway.testkit.engine.TestArtifacts;
import dev.slipway.testkit.engine.TestTensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

class TreeEngineContractTest extends ModelEngineKit {
  @TempDir static Path folder;

  @Override
  protected ModelEngine engine() {
    return new TreeEngine();
  }

  @Override
  protected List<GoldenModel> models() {
    return Stream.of(
            "xgb-binary",
            "xgb-softprob-json",
            "xgb-partition",
            "lgb-binary-31",
            "lgb-multiclass",
            "skl-forest-words",
            "skl-forest-zipmap",
            "skl-int64-classifier",
            "op-double",
            "op-v5-targets")
        .map(TreeEngineContractTest::model)
        .toList();
  }

  private static GoldenModel model(String name) {
    Golden golden = Golden.load(name);
    ModelArtifact artifact = artifact(name, golden.format(), golden.model());
    TensorSpec spec = new TreeEngine().inspect(artifact).inputs().getFirst();
    int rows = 40;
    int size = rows * golden.columns();
    Tensor input =
        Tensors.of(
            spec.name(),
            spec.datatype(),
            rows,
            golden.columns(),
            Arrays.copyOfRange(
                golden.input(), golden.input().length - size, golden.input().length));
    return new GoldenModel(
        name,
        artifact,
        List.of(new GoldenCase(List.of(input), outputs(golden, input, rows))),
        1e-6);
  }

  /** The golden file's own, or ONNX Runtime's, whose labels the golden files lack. */
  private static List<Tensor> outputs(Golden golden, Tensor input, int rows) {
    if (golden.format() == ArtifactFormat.ONNX) {
      try (OrtReference reference = new OrtReference(golden.model())) {
        return reference.run(input);
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }
    int size = rows * golden.values();
    double[] values =
        Arrays.copyOfRange(golden.output(), golden.output().length - size, golden.output().length);
    return List.of(
        TestTensors.of("predict", DataType.FP32, Shape.of(rows, golden.values()), values));
  }

  static ModelArtifact artifact(String name, ArtifactFormat format, byte[] bytes) {
    try {
      Path file = Files.createDirectories(folder.resolve(name)).resolve("model");
      Files.write(file, bytes);
      return TestArtifacts.of(file, format);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected ModelArtifact unsupportedArtifact() {
    return artifact(
        "gblinear", ArtifactFormat.XGBOOST_UBJ, GoldenFiles.bytes("refused-gblinear.ubj.gz"));
  }
}
