/**
 * Drift between two tables. {@link dev.slipway.core.drift.batch.BatchDrift} pairs their columns,
 * freezes a reference from each of the first and compares the second with it; {@link
 * dev.slipway.core.drift.batch.EvidentlyBatch} does the same with another tool's numbers.
 */
@NullMarked
package dev.slipway.core.drift.batch;

import org.jspecify.annotations.NullMarked;
