/**
 * What Slipway knows about a model: its frozen artifact, its signature, the settings it is served
 * with, and the deployments that serve it. Start at {@link dev.slipway.core.model.ModelVersion}.
 */
@NullMarked
package dev.slipway.core.model;

import org.jspecify.annotations.NullMarked;
