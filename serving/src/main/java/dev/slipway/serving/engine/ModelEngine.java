package dev.slipway.serving.engine;

import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.ModelSignature;

/** A way to run models of some formats. Thread-safe. */
public interface ModelEngine {
  /** The name users choose it by and metrics show, for example {@code onnx}. */
  String name();

  /** Whether this engine may be able to run it; cheap, and may read the file's beginning. */
  boolean supports(ModelArtifact artifact);

  /**
   * Reads the signature from the model itself.
   *
   * @throws dev.slipway.core.error.SlipwayException MODEL_INVALID if the file is corrupt,
   *     FORMAT_UNSUPPORTED if it holds something this engine cannot run
   */
  ModelSignature inspect(ModelArtifact artifact);

  /**
   * Makes the model ready to run.
   *
   * @throws dev.slipway.core.error.SlipwayException as {@link #inspect}, or DEVICE_UNAVAILABLE if
   *     the machine lacks the execution provider asked for
   */
  LoadedModel load(ModelArtifact artifact, EngineSettings settings);
}
