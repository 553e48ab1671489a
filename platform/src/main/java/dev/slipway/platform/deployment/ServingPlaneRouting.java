package dev.slipway.platform.deployment;

import dev.slipway.core.routing.RoutingTable;
import dev.slipway.serving.ServedVariant;
import dev.slipway.serving.ServingPlane;
import java.util.Optional;

/**
 * The serving plane as deployments see it. The plane loads and flips in one step, so a prepared
 * table is live already, and giving it up goes back to the table before.
 */
public final class ServingPlaneRouting implements LiveRouting {
  private final ServingPlane plane;

  public ServingPlaneRouting(ServingPlane plane) {
    this.plane = plane;
  }

  @Override
  public PreparedRouting prepare(RoutingTable table) {
    RoutingTable before = plane.table();
    plane.apply(table);
    return new PreparedRouting() {
      private boolean flipped;

      @Override
      public void flip() {
        flipped = true;
      }

      @Override
      public void close() {
        if (!flipped) {
          // Under the number just used: the plane only ever goes forward.
          plane.apply(new RoutingTable(table.epoch(), before.deployments()));
        }
      }
    };
  }

  @Override
  public Optional<ServedVariant> variant(String deployment, int version) {
    return plane.variant(deployment, version);
  }
}
