package dev.slipway.core.routing;

import dev.slipway.core.model.ModelVersion;

/**
 * One version inside a deployment.
 *
 * @param weight share of the traffic in 1/10000; the weights of a deployment add up to 10000
 */
public record VariantRoute(ModelVersion version, int weight) {
  public static final int FULL_WEIGHT = 10_000;
}
