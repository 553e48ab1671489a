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
   * @throws SlipwayException NOT_FOUND if the deployment does not have a pinned version, NOT_READY
   *     while it is unloaded or unavailable
   */
  LoopVariant choose(int version, String routingKey) {
    if (version != 0) {
      return variants.apply(planned.variants().get(live(version)));
    }
    requireAnswers();
    List<PlannedVariant> live = planned.variants();
    if (live.size() == 1) {
      return variants.apply(live.get(0));
    }
    VariantRoute route = planned.route().choose(routingKey);
    return variants.apply(live.get(planned.route().variants().indexOf(route)));
  }

  /**
   * @param version 0 means any
   * @throws SlipwayException as {@link #choose}
   */
  void requireLive(int version) {
    if (version == 0) {
      requireAnswers();
    } else {
      live(version);
    }
  }

  /** Place of a version among the variants. */
  private int live(int version) {
    List<VariantRoute> routes = planned.route().variants();
    for (int i = 0; i < routes.size(); i++) {
      if (routes.get(i).version().ref().version() == version) {
        requireAnswers();
        return i;
      }
    }
    throw new SlipwayException(
        ErrorCode.NOT_FOUND,
        "model %s has no live version %d (expected: one of %s)"
            .formatted(
                planned.route().name(),
                version,
                routes.stream().map(route -> route.version().ref().version()).toList()));
  }

  private void requireAnswers() {
    if (planned.unloaded()) {
      throw new SlipwayException(
          ErrorCode.NOT_READY,
          "model %s is unloaded (expected: loaded)".formatted(planned.route().name()));
    }
    if (!planned.unavailable().isEmpty()) {
      throw unavailable(planned);
    }
  }

  static SlipwayException unavailable(PlannedDeployment planned) {
    return new SlipwayException(
        ErrorCode.NOT_READY,
        "model %s is unavailable: %s".formatted(planned.route().name(), planned.unavailable()));
  }
}
