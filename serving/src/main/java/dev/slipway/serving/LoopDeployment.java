package dev.slipway.serving;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.routing.VariantRoute;
import dev.slipway.serving.ServingPlan.PlannedDeployment;
import java.util.List;
import java.util.function.Function;

/**
 * A deployment on one event loop. Its variants are made when the first request needs them, so that
 * a thousand deployments cost a loop next to nothing.
 */
final class LoopDeployment {
  private final PlannedDeployment planned;
  private final Function<PlannedVariant, LoopVariant> variants;

  /**
   * @param variants finds or makes the loop's part of a variant
   */
  LoopDeployment(PlannedDeployment planned, Function<PlannedVariant, LoopVariant> variants) {
    this.planned = planned;
    this.variants = variants;
  }

  PlannedDeployment planned() {
    return planned;
  }

  /**
   * @param version 0 lets the route choose by {@code routingKey}
   * @throws SlipwayException NOT_READY while the deployment is unloaded, NOT_FOUND if a pinned
   *     version is not live
   */
  LoopVariant choose(int version, String routingKey) {
    if (planned.unloaded()) {
      throw new SlipwayException(
          ErrorCode.NOT_READY,
          "model %s is unloaded (expected: loaded)".formatted(planned.route().name()));
    }
    List<PlannedVariant> live = planned.variants();
    if (version != 0) {
      for (int i = 0; i < live.size(); i++) {
        if (live.get(i).key().version() == version) {
          return variants.apply(live.get(i));
        }
      }
      throw new SlipwayException(
          ErrorCode.NOT_FOUND,
          "model %s has no live version %d (expected: one of %s)"
              .formatted(
                  planned.route().name(),
                  version,
                  live.stream().map(variant -> variant.key().version()).toList()));
    }
    if (live.size() == 1) {
      return variants.apply(live.get(0));
    }
    VariantRoute route = planned.route().choose(routingKey);
    return variants.apply(live.get(planned.route().variants().indexOf(route)));
  }
}
