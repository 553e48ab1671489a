/**
 * How good a model's scores are: exact metrics, and how sure a difference between two models is.
 * Start at {@link dev.slipway.core.evaluation.Metric} and {@link
 * dev.slipway.core.evaluation.PairedBootstrap}. Everything is deterministic: chance comes from a
 * seed.
 */
@NullMarked
package dev.slipway.core.evaluation;

import org.jspecify.annotations.NullMarked;
