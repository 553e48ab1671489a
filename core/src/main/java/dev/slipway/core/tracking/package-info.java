/**
 * Experiments, runs, what was logged in them, and the models they left. Start at {@link
 * dev.slipway.core.tracking.Run}. Records only: what may be changed is the platform's to decide.
 */
@NullMarked
package dev.slipway.core.tracking;

import org.jspecify.annotations.NullMarked;
