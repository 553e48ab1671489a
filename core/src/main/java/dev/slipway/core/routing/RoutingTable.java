package dev.slipway.core.routing;

import java.util.Map;
import java.util.Optional;

/**
 * All deployments, by name.
 *
 * @param epoch number of this table; a greater one is newer
 * @param deployments those that answer
 * @param unavailable those that exist and cannot answer; none of them is among {@code deployments}
 */
public record RoutingTable(
    long epoch,
    Map<String, DeploymentRoute> deployments,
    Map<String, UnavailableRoute> unavailable) {
  public static final RoutingTable EMPTY = new RoutingTable(0, Map.of());

  public RoutingTable {
    deployments = Map.copyOf(deployments);
    unavailable = Map.copyOf(unavailable);
    for (String name : unavailable.keySet()) {
      if (deployments.containsKey(name)) {
        throw new IllegalArgumentException(
            "deployment %s: both unavailable and not (expected: one of them)".formatted(name));
      }
    }
  }

  /** A table whose every deployment answers. */
  public RoutingTable(long epoch, Map<String, DeploymentRoute> deployments) {
    this(epoch, deployments, Map.of());
  }

  public Optional<DeploymentRoute> deployment(String name) {
    return Optional.ofNullable(deployments.get(name));
  }
}
