package dev.slipway.core.drift.batch;

import dev.slipway.core.drift.BenjaminiHochberg;
import dev.slipway.core.drift.BinCounts;
import dev.slipway.core.drift.BinRules;
import dev.slipway.core.drift.DataQuality;
import dev.slipway.core.drift.FeatureDrift;
import dev.slipway.core.drift.FeatureReference;
import java.util.ArrayList;
import java.util.List;

/**
 * Drift of the current rows of a table against its reference rows, feature by feature.
 *
 * @param features in the order of the reference
 */
public record BatchDrift(List<Feature> features) {
  /**
   * One feature.
   *
   * @param current its counts on the reference's bins
   * @param bound that the PSI has to exceed: the configured threshold, or more where the samples
   *     are so small that chance alone passes it
   * @param chiSquareAdjusted p-value over all features by Benjamini and Hochberg
   */
  public record Feature(
      FeatureReference reference,
      BinCounts current,
      FeatureDrift drift,
      DataQuality qualityBefore,
      DataQuality qualityNow,
      double bound,
      double chiSquareAdjusted) {
    public boolean isDrift() {
      return drift.psi() > bound;
    }
  }

  public BatchDrift {
    features = List.copyOf(features);
  }

  /**
   * Compares.
   *
   * @param threshold of the PSI, {@code >= 0}
   */
  public static BatchDrift of(ColumnPairs columns, BinRules rules, double threshold) {
    if (!(threshold >= 0)) {
      throw new IllegalArgumentException("threshold: " + threshold + " (expected: >= 0)");
    }
    List<FeatureReference> references = new ArrayList<>();
    List<BinCounts> counts = new ArrayList<>();
    for (ColumnPairs.Pair pair : columns.pairs()) {
      FeatureReference reference =
          ColumnValues.reference(pair.name(), pair.numeric(), pair.reference(), rules);
      references.add(reference);
      counts.add(ColumnValues.counts(reference, pair.current()));
    }
    return of(references, counts, drift -> Math.max(threshold, drift.psiNoise()));
  }

  /** The PSI that a feature has to exceed. */
  public interface Bound {
    double of(FeatureDrift drift);
  }

  /**
   * Compares what was counted.
   *
   * @param counts on the bins of each reference, at least one value
   */
  public static BatchDrift of(
      List<FeatureReference> references, List<BinCounts> counts, Bound bound) {
    List<FeatureDrift> drifts = new ArrayList<>();
    for (int i = 0; i < references.size(); i++) {
      drifts.add(FeatureDrift.of(references.get(i), counts.get(i)));
    }
    double[] adjusted =
        BenjaminiHochberg.adjusted(
            drifts.stream().mapToDouble(drift -> drift.chiSquare().pValue()).toArray());
    List<Feature> features = new ArrayList<>();
    for (int i = 0; i < adjusted.length; i++) {
      FeatureReference reference = references.get(i);
      features.add(
          new Feature(
              reference,
              counts.get(i),
              drifts.get(i),
              DataQuality.of(reference, reference.counts()),
              DataQuality.of(reference, counts.get(i)),
              bound.of(drifts.get(i)),
              adjusted[i]));
    }
    return new BatchDrift(features);
  }

  public long drifted() {
    return features.stream().filter(Feature::isDrift).count();
  }
}
