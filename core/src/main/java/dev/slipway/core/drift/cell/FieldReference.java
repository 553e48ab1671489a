package dev.slipway.core.drift.cell;

import dev.slipway.core.drift.FeatureReference;
import dev.slipway.core.drift.ReferenceWindows;

/**
 * The frozen bins of one value, and what they do without drift.
 *
 * @param windows PSI of parts of the reference data, in their order, against the whole
 */
public record FieldReference(
    FieldPlace place, FeatureReference reference, ReferenceWindows windows) {}
