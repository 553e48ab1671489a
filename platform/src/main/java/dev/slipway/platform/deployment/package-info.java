/**
 * Which version a deployment serves. Start at {@link dev.slipway.platform.deployment.Deployments}.
 */
@NullMarked
package dev.slipway.platform.deployment;

import org.jspecify.annotations.NullMarked;
