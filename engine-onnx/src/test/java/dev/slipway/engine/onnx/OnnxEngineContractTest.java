package dev.slipway.engine.onnx;

import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.serving.engine.ModelEngine;
import dev.slipway.testkit.engine.GoldenModel;
import dev.slipway.testkit.engine.ModelEngineKit;
import java.util.List;

class OnnxEngineContractTest extends ModelEngineKit {
  @Override
  protected ModelEngine engine() {
    return new OnnxEngine();
  }

  @Override
  protected List<GoldenModel> models() {
    return OnnxModels.all();
  }

  @Override
  protected ModelArtifact unsupportedArtifact() {
    return OnnxModels.artifact("unknown_operator");
  }
}
