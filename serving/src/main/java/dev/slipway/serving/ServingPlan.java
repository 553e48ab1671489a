package dev.slipway.serving;

import dev.slipway.core.routing.DeploymentRoute;
import dev.slipway.core.routing.RoutingTable;
import dev.slipway.core.routing.UnavailableRoute;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A routing table with the models that answer it: what the loops go over to, as a whole.
 *
 * @param deployments by name
 */
record ServingPlan(RoutingTable table, Map<String, PlannedDeployment> deployments) {
  static final ServingPlan EMPTY = new ServingPlan(RoutingTable.EMPTY, Map.of());

  /**
   * One deployment of the plan.
   *
   * @param variants in the order of {@code route.variants()}; none while it is unloaded or
   *     unavailable
   * @param unloaded taken out of memory by its operator
   * @param unavailable why it cannot answer; empty if it can
   */
  record PlannedDeployment(
      DeploymentRoute route, List<PlannedVariant> variants, boolean unloaded, String unavailable) {
    static PlannedDeployment of(DeploymentRoute route, List<PlannedVariant> variants) {
      return new PlannedDeployment(route, List.copyOf(variants), false, "");
    }

    static PlannedDeployment unloaded(DeploymentRoute route) {
      return new PlannedDeployment(route, List.of(), true, "");
    }

    static PlannedDeployment unavailable(UnavailableRoute unavailable) {
      return new PlannedDeployment(unavailable.route(), List.of(), false, unavailable.reason());
    }

    /** Whether requests for it are run. */
    boolean answers() {
      return !unloaded && unavailable.isEmpty();
    }
  }

  Set<PlannedVariant> variants() {
    Set<PlannedVariant> all = new HashSet<>();
    deployments.values().forEach(deployment -> all.addAll(deployment.variants()));
    return all;
  }
}
