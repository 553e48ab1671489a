package dev.slipway.bench.engine;

import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.engine.onnx.OnnxEngine;
import dev.slipway.engine.trees.TreeEngine;
import dev.slipway.serving.engine.InferenceSession;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.serving.engine.ModelEngine;
import java.nio.file.Path;
import java.util.Locale;

/** The engines that run the fraud models in this process. */
public enum MeasuredEngine {
  TREES,
  ONNX;

  private static final ArtifactDigest UNREGISTERED = new ArtifactDigest("sha256:" + "0".repeat(64));

  /** Its name in a model's settings. */
  public String setting() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The file of {@code model} that it reads. */
  public FraudModel.ModelFile file(FraudModel model) {
    return switch (this) {
      case TREES -> model.forTrees();
      case ONNX -> model.forOnnx();
    };
  }

  /**
   * Loads a model with the default settings.
   *
   * @param root the project's folder
   */
  public Opened open(FraudModel model, Path root) {
    FraudModel.ModelFile file = file(model);
    Path path = root.resolve(file.path()).toAbsolutePath().normalize();
    ModelEngine engine =
        switch (this) {
          case TREES -> new TreeEngine();
          case ONNX -> new OnnxEngine();
        };
    LoadedModel loaded =
        engine.load(
            new ModelArtifact(UNREGISTERED, file.format(), path.resolveSibling(""), path),
            EngineSettings.DEFAULT);
    return new Opened(loaded, loaded.openSession());
  }

  /** A loaded model with one session. */
  public record Opened(LoadedModel model, InferenceSession session) implements AutoCloseable {
    @Override
    public void close() {
      session.close();
      model.close();
    }
  }
}
