package dev.slipway.cli.monitor;

import dev.slipway.core.drift.DataQuality;
import dev.slipway.core.drift.FeatureDrift;
import dev.slipway.core.drift.batch.BatchDrift;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What comparisons say, in sentences. */
final class DriftWords {
  /** A change of a share that is worth a sentence. */
  private static final double SHARE_CHANGE = 0.01;

  private DriftWords() {}

  static String summary(BatchDrift batch) {
    long drifted = batch.drifted();
    int all = batch.features().size();
    return drifted == 0
        ? "None of %d features drifts.".formatted(all)
        : "%d of %d features %s.".formatted(drifted, all, drifted == 1 ? "drifts" : "drift");
  }

  static String verdict(BatchDrift.Feature feature) {
    FeatureDrift drift = feature.drift();
    List<String> sentences = new ArrayList<>();
    String numbers =
        "PSI %s, bound %s; about %s would be chance with %d and %d values"
            .formatted(
                number(drift.psi()),
                number(feature.bound()),
                number(drift.psiWithoutDrift()),
                drift.referenceRows(),
                drift.currentRows());
    sentences.add(
        feature.isDrift()
            ? "Drifts: %s of the values would have to move to look as before (%s)."
                .formatted(percent(drift.totalVariation()), numbers)
            : "No drift (%s).".formatted(numbers));
    DataQuality before = feature.qualityBefore();
    DataQuality now = feature.qualityNow();
    change(sentences, "missing", before.missing(), now.missing());
    change(sentences, "invalid", before.invalid(), now.invalid());
    change(sentences, "out of range", 0, now.outOfRange());
    if (!Double.isNaN(now.unseen())) {
      change(sentences, "new to the reference", 0, now.unseen());
    }
    return String.join(" ", sentences);
  }

  private static void change(List<String> sentences, String what, double before, double now) {
    if (Math.abs(now - before) >= SHARE_CHANGE) {
      sentences.add(
          "%s of the values are %s, before %s.".formatted(percent(now), what, percent(before)));
    }
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, share > 0 && share < 0.1 ? "%.1f%%" : "%.0f%%", 100 * share);
  }

  static String pValue(double p) {
    return p < 1e-9 ? "< 1e-9" : number(p);
  }

  /** Three significant digits, few enough to read. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    double size = Math.abs(value);
    if (value == 0 || (size >= 0.0005 && size < 100)) {
      return String.format(Locale.ROOT, "%.3f", value);
    }
    return String.format(Locale.ROOT, size >= 100 && size < 1e6 ? "%.0f" : "%.2e", value);
  }
}
