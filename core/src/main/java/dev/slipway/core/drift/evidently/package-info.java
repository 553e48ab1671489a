/**
 * The numbers that Evidently, a widely used library for Python, gives for two samples, so that a
 * team can compare before it changes over. They are repeated as they are, with what is wrong with
 * them: bins of equal width that one outlier makes blind, results that depend on the size of the
 * samples. {@link dev.slipway.core.drift.evidently.EvidentlyColumn} is the place to start.
 *
 * <p>Formulas and defaults are those of its commit a4aa4c2, written anew from its description.
 */
@NullMarked
package dev.slipway.core.drift.evidently;

import org.jspecify.annotations.NullMarked;
