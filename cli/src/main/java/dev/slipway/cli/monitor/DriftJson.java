package dev.slipway.cli.monitor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.cli.output.Json;
import dev.slipway.core.drift.DataQuality;
import dev.slipway.core.drift.FeatureDrift;
import dev.slipway.core.drift.NumericReference;
import dev.slipway.core.drift.ReferenceJson;
import dev.slipway.core.drift.batch.BatchDrift;
import dev.slipway.core.drift.batch.ColumnPairs;
import dev.slipway.core.drift.batch.EvidentlyBatch;
import dev.slipway.core.drift.evidently.SmirnovTest;

/** Comparisons as documents. A number that is not defined is null. */
public final class DriftJson {
  private DriftJson() {}

  /** Slipway's own numbers. */
  public static ObjectNode of(BatchDrift batch) {
    ObjectNode document = Json.mapper().createObjectNode();
    document.put("drift", batch.drifted() > 0);
    document.put("summary", DriftWords.summary(batch));
    document.put("drifted", batch.drifted());
    ArrayNode features = document.putArray("features");
    for (BatchDrift.Feature feature : batch.features()) {
      features.add(of(feature));
    }
    return document;
  }

  private static ObjectNode of(BatchDrift.Feature feature) {
    FeatureDrift drift = feature.drift();
    ObjectNode node = Json.mapper().createObjectNode();
    node.put("feature", feature.reference().feature())
        .put("type", feature.reference() instanceof NumericReference ? "numeric" : "categorical")
        .put("drift", feature.isDrift())
        .put("verdict", DriftWords.verdict(feature))
        .put("reference_rows", drift.referenceRows())
        .put("current_rows", drift.currentRows())
        .put("bins", drift.bins())
        .put("psi", drift.psi())
        .put("bound", feature.bound())
        .put("psi_without_drift", drift.psiWithoutDrift())
        .put("kl", drift.kullbackLeibler())
        .put("js", drift.jensenShannon())
        .put("js_base2", drift.jensenShannonBase2())
        .put("hellinger", drift.hellinger())
        .put("total_variation", drift.totalVariation());
    node.putObject("chi_square")
        .put("statistic", drift.chiSquare().statistic())
        .put("p_value", drift.chiSquare().pValue())
        .put("p_adjusted", feature.chiSquareAdjusted());
    FeatureDrift.Ordered ordered = drift.ordered();
    if (ordered == null) {
      node.putNull("ks").putNull("wasserstein");
    } else {
      node.putObject("ks")
          .put("statistic", ordered.kolmogorovSmirnov().statistic())
          .put("p_value", ordered.kolmogorovSmirnov().pValue())
          .put("reference_values", ordered.referenceValues())
          .put("current_values", ordered.currentValues());
      put(node, "wasserstein", ordered.wasserstein());
    }
    ObjectNode quality = node.putObject("quality");
    quality.set("reference", of(feature.qualityBefore()));
    quality.set("current", of(feature.qualityNow()));
    node.put("reference_digest", ReferenceJson.digest(feature.reference()).toString());
    return node;
  }

  /** Data quality alone. */
  public static ObjectNode quality(BatchDrift batch) {
    ObjectNode document = Json.mapper().createObjectNode();
    ArrayNode features = document.putArray("features");
    for (BatchDrift.Feature feature : batch.features()) {
      ObjectNode node = features.addObject().put("feature", feature.reference().feature());
      node.set("reference", of(feature.qualityBefore()));
      node.set("current", of(feature.qualityNow()));
    }
    return document;
  }

  private static ObjectNode of(DataQuality quality) {
    ObjectNode node =
        Json.mapper()
            .createObjectNode()
            .put("rows", quality.rows())
            .put("missing", quality.missing())
            .put("invalid", quality.invalid())
            .put("out_of_range", quality.outOfRange());
    put(node, "unseen", quality.unseen());
    return node;
  }

  /** Evidently's numbers. */
  public static ObjectNode of(EvidentlyBatch batch) {
    ObjectNode document = Json.mapper().createObjectNode();
    document.put("drift", batch.isDrift());
    document.put(
        "summary",
        "%d of %d columns drift by Evidently's tests: the data set %s."
            .formatted(
                batch.drifted(),
                batch.features().size(),
                batch.isDrift() ? "drifts" : "does not drift"));
    document.put("drifted", batch.drifted());
    ArrayNode features = document.putArray("features");
    for (EvidentlyBatch.Feature feature : batch.features()) {
      ObjectNode node = features.addObject();
      node.put("feature", feature.name())
          .put("type", feature.column().isNumeric() ? "numeric" : "categorical")
          .put("drift", feature.isDrift())
          .put("reference_rows", feature.column().referenceRows())
          .put("current_rows", feature.column().currentRows())
          .put("test", feature.test().label());
      put(node, "value", feature.value());
      node.put("threshold", feature.threshold())
          .put("psi", feature.column().psi())
          .put("kl", feature.column().kullbackLeibler())
          .put("js", feature.column().jensenShannon());
      if (feature.column().isNumeric()) {
        SmirnovTest ks = feature.column().smirnov();
        node.putObject("ks").put("statistic", ks.statistic()).put("p_value", ks.pValue());
        node.put("wasserstein", feature.column().wasserstein());
      } else {
        node.putNull("ks").putNull("wasserstein");
      }
    }
    return document;
  }

  /** Adds the columns that only one of the files has. */
  public static void addAbsent(ObjectNode document, ColumnPairs columns) {
    columns.onlyInReference().forEach(document.putArray("only_in_reference")::add);
    columns.onlyInCurrent().forEach(document.putArray("only_in_current")::add);
  }

  private static void put(ObjectNode node, String field, double value) {
    if (Double.isFinite(value)) {
      node.put(field, value);
    } else {
      node.putNull(field);
    }
  }
}
