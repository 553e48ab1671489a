package dev.slipway.core.routing;

import java.util.Map;
import java.util.Optional;

/**
 * All deployments that answer, by name.
 *
 * @param epoch number of this table; a greater one is newer
 */
public record RoutingTable(long epoch, Map<String, DeploymentRoute> deployments) {
  public static final RoutingTable EMPTY = new RoutingTable(0, Map.of());

  public RoutingTable {
    deployments = Map.copyOf(deployments);
  }

  public Optional<DeploymentRoute> deployment(String name) {
    return Optional.ofNullable(deployments.get(name));
  }
}
