package dev.slipway.platform.governance.gate;

import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.tensor.Tensor;
import java.util.List;
import java.util.function.Function;

/** All gates there are. docs/reference/gates.md says what each expects and records. */
public final class Gates {
  private Gates() {}

  /**
   * Every gate, in the order in which policies best name them: what is cheap first.
   *
   * @param examples gives the checked inputs of a version's example request, none if it has none
   * @param build of Slipway, which measurements name
   */
  public static List<Gate> all(Function<ModelVersion, List<Tensor>> examples, String build) {
    return List.of(
        new SignatureGate(examples),
        new ModelCardGate(),
        new ArtifactScanGate(),
        new MlBomGate(),
        new ModelSignatureGate(),
        new DataValidationGate(),
        new BenchmarkGate(),
        new SlicesGate(),
        new LatencyGate(build));
  }
}
