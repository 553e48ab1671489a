/**
 * Experiments, runs and the models that runs log. Start at {@link
 * dev.slipway.platform.tracking.Runs}. Every change is committed together with its entry of the
 * audit log, which names who asked and the digest of what was asked.
 */
@NullMarked
package dev.slipway.platform.tracking;

import org.jspecify.annotations.NullMarked;
