package dev.slipway.platform.deployment;

import dev.slipway.core.routing.RoutingTable;
import dev.slipway.serving.ServedVariant;
import dev.slipway.serving.ServingPlane;
import java.util.Optional;
import java.util.Set;

/** The serving plane of this process, as deployments see it. */
public final class ServingPlaneRouting implements LiveRouting {
  private final ServingPlane plane;

  public ServingPlaneRouting(ServingPlane plane) {
    this.plane = plane;
  }

  @Override
  public PreparedRouting prepare(RoutingTable table, Set<String> wanted) {
    ServingPlane.PreparedTable prepared = plane.prepare(table, wanted);
    return new PreparedRouting() {
      @Override
      public void flip() {
        prepared.flip();
      }

      @Override
      public void close() {
        prepared.close();
      }
    };
  }

  @Override
  public Optional<ServedVariant> variant(String deployment, int version) {
    return plane.variant(deployment, version);
  }
}
