package dev.slipway.core.drift;

import java.util.List;

/**
 * The frozen bins of one feature and what the reference data had in them. Immutable. The bins of
 * values come first, {@link Bin.Rest#MISSING} and {@link Bin.Rest#INVALID} are the last two.
 */
public sealed interface FeatureReference permits NumericReference, CategoricalReference {
  /** The feature's name. */
  String feature();

  List<Bin> bins();

  /** Of the reference data, on {@link #bins}. */
  BinCounts counts();

  /** Place of {@link Bin.Rest#MISSING}. */
  default int missingBin() {
    return counts().bins() - 2;
  }

  /** Place of {@link Bin.Rest#INVALID}. */
  default int invalidBin() {
    return counts().bins() - 1;
  }
}
