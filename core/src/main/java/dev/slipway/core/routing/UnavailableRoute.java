package dev.slipway.core.routing;

/**
 * A deployment that should answer and cannot.
 *
 * @param route what it would answer with
 * @param reason why it cannot, in words for its callers
 */
public record UnavailableRoute(DeploymentRoute route, String reason) {}
