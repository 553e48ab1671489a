/**
 * The registry as MLflow's clients use it: models, numbered versions, stages, aliases and tags.
 * Start at {@link dev.slipway.platform.mlflow.RegisteredVersions}. It is the one registry: what can
 * be served here is at once a version that {@link dev.slipway.platform.deployment.Deployments} can
 * deploy, and what was registered otherwise is in every list.
 */
@NullMarked
package dev.slipway.platform.mlflow;

import org.jspecify.annotations.NullMarked;
