package dev.slipway.platform;

import dev.slipway.core.model.EngineSettings.Scheduling;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.routing.DeploymentRoute;
import dev.slipway.core.routing.RoutingTable;
import dev.slipway.core.routing.VariantRoute;
import dev.slipway.platform.deployment.LiveRouting;
import dev.slipway.serving.ServedVariant;
import dev.slipway.serving.engine.ArtifactSource;
import dev.slipway.serving.engine.ModelEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Loads what a table names and says so, without answering requests. */
public final class LoadingRouting implements LiveRouting {
  private final ModelEngine engine;
  private final ArtifactSource artifacts;
  private final List<RoutingTable> applied = new ArrayList<>();
  private volatile RoutingTable live = RoutingTable.EMPTY;

  public LoadingRouting(ModelEngine engine, ArtifactSource artifacts) {
    this.engine = engine;
    this.artifacts = artifacts;
  }

  @Override
  public PreparedRouting prepare(RoutingTable table) {
    for (DeploymentRoute route : table.deployments().values()) {
      for (VariantRoute variant : route.variants()) {
        ModelVersion version = variant.version();
        engine.load(artifacts.artifact(version), version.settings().engine()).close();
      }
    }
    return new PreparedRouting() {
      @Override
      public void flip() {
        live = table;
        applied.add(table);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Optional<ServedVariant> variant(String deployment, int version) {
    return live.deployment(deployment).stream()
        .flatMap(route -> route.variants().stream())
        .map(VariantRoute::version)
        .filter(served -> served.ref().version() == version)
        .map(
            served ->
                new ServedVariant(
                    deployment,
                    served,
                    ServedVariant.State.READY,
                    "",
                    engine.name(),
                    Scheduling.INLINE,
                    1,
                    1))
        .findFirst();
  }

  /** What answers now. */
  public RoutingTable table() {
    return live;
  }

  /** Every table that ever answered, in order. */
  public List<RoutingTable> tables() {
    return List.copyOf(applied);
  }
}
