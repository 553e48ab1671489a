/**
 * Whether data still look as they did: pure statistics, no I/O, no clock.
 *
 * <p>A {@link dev.slipway.core.drift.FeatureReference} freezes the bins of one feature and how
 * often the reference data fell into each. Counters count further data on the same bins, one a
 * thread, and {@link dev.slipway.core.drift.BinCounts} are added over threads, replicas and windows
 * in any order. {@link dev.slipway.core.drift.FeatureDrift} compares two counts, {@link
 * dev.slipway.core.drift.DataQuality} tells what was missing, invalid or new, and {@link
 * dev.slipway.core.drift.AlertRule} says when a person should hear of it. {@code batch} does all of
 * this for two tables, {@code evidently} repeats another tool's numbers for comparison.
 */
@NullMarked
package dev.slipway.core.drift;

import org.jspecify.annotations.NullMarked;
