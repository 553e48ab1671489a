package dev.slipway.platform.deployment;

import dev.slipway.core.model.Deployment;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.serving.ServedVariant;

/**
 * A deployment, what it serves, and how that is going.
 *
 * @param variant state in the serving plane; UNAVAILABLE with the reason where it could not be
 *     loaded
 */
public record DeploymentStatus(
    Deployment deployment, ModelVersion version, ServedVariant variant) {}
