package dev.slipway.platform.governance;

import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.FieldSpec;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelSettings;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.platform.rows.RowModel;
import dev.slipway.serving.engine.EngineSelector;
import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.serving.engine.WarmUp;
import dev.slipway.testkit.engine.LinearEngine;
import dev.slipway.testkit.engine.TestArtifacts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Versions of linear models, each in a folder of its own. */
public final class LinearVersions {
  private final Path folder;
  private final EngineSelector engines =
      new EngineSelector(List.of(new LinearEngine()), new WarmUp(version -> List.of()));

  public LinearVersions(Path folder) {
    this.folder = folder;
  }

  /** A version whose input's fields are {@code columns}, each with a weight. */
  public ModelVersion version(String name, int number, List<String> columns, double... weights)
      throws IOException {
    return version(name, number, columns.stream().map(FieldSpec::named).toList(), "", weights);
  }

  public ModelVersion version(
      String name, int number, List<FieldSpec> fields, String exampleRequest, double... weights)
      throws IOException {
    ModelRef ref = new ModelRef(name, number);
    Path file = LinearEngine.write(root(ref), weights);
    ModelArtifact artifact = TestArtifacts.of(file, ArtifactFormat.ONNX);
    return new ModelVersion(
        ref,
        artifact.digest(),
        ArtifactFormat.ONNX,
        "model.onnx",
        new ModelSignature(
            List.of(
                new TensorSpec(
                    "x", DataType.FP32, Shape.of(-1, weights.length), "", fields, false)),
            List.of(TensorSpec.of("y", DataType.FP32, Shape.of(-1, 1)))),
        ModelSettings.DEFAULT,
        "",
        exampleRequest,
        1,
        Instant.EPOCH);
  }

  public Path root(ModelRef ref) {
    return folder.resolve(ref.model() + "-" + ref.version());
  }

  public ModelArtifact artifact(ModelVersion version) {
    Path root = root(version.ref());
    return new ModelArtifact(
        version.digest(), version.format(), root, root.resolve(version.primaryFile()));
  }

  public RowModel open(ModelVersion version) {
    return RowModel.open(version, artifact(version), engines);
  }
}
