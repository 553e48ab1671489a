package dev.slipway.serving.testing;

import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.BatchSettings;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.EngineSettings.Scheduling;
import dev.slipway.core.model.ExecutionProvider;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelSettings;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.routing.DeploymentRoute;
import dev.slipway.core.routing.RoutingTable;
import dev.slipway.core.routing.VariantRoute;
import dev.slipway.serving.engine.ArtifactSource;
import dev.slipway.serving.engine.ModelArtifact;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Versions of models that {@link RowEngine} runs. */
public final class Versions {
  public static final ArtifactSource ARTIFACTS =
      version ->
          new ModelArtifact(
              version.digest(), version.format(), Path.of("."), Path.of(version.primaryFile()));

  private Versions() {}

  public static ModelVersion version(String model, int number) {
    return version(model, number, settings(Scheduling.AUTO, BatchSettings.DEFAULT));
  }

  public static ModelVersion version(String model, int number, ModelSettings settings) {
    return version(model, number, settings, RowEngine.SIGNATURE);
  }

  public static ModelVersion version(
      String model, int number, ModelSettings settings, ModelSignature signature) {
    return new ModelVersion(
        new ModelRef(model, number),
        digest(model.hashCode() * 31L + number),
        ArtifactFormat.ONNX,
        "model.onnx",
        signature,
        settings,
        "",
        "",
        100,
        Instant.EPOCH);
  }

  public static ArtifactDigest digest(long number) {
    return new ArtifactDigest("sha256:%064x".formatted(number));
  }

  public static ModelSettings settings(Scheduling scheduling, BatchSettings batch) {
    return new ModelSettings(
        new EngineSettings("auto", ExecutionProvider.CPU, 1, 0, scheduling), batch, false);
  }

  public static ModelSettings cached() {
    return new ModelSettings(EngineSettings.DEFAULT, BatchSettings.DEFAULT, true);
  }

  public static RoutingTable table(long epoch, ModelVersion... versions) {
    Map<String, DeploymentRoute> routes = new HashMap<>();
    for (ModelVersion version : versions) {
      String name = version.ref().model();
      routes.put(
          name, new DeploymentRoute(name, "salt", List.of(new VariantRoute(version, 10_000))));
    }
    return new RoutingTable(epoch, routes);
  }
}
