/**
 * Whether a model still does what it did, told from labels that come late or from scores alone.
 * Pure statistics, no I/O, no clock.
 *
 * <p>{@link dev.slipway.core.performance.PerformanceCurve} measures windows of predictions whose
 * labels are there, {@link dev.slipway.core.performance.ConfidenceEstimate} estimates those whose
 * labels are not, and a {@link dev.slipway.core.performance.ChangeDetector} looks at one error
 * after the other for a change.
 */
@NullMarked
package dev.slipway.core.performance;

import org.jspecify.annotations.NullMarked;
