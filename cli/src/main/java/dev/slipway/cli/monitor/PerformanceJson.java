package dev.slipway.cli.monitor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.cli.output.Json;
import dev.slipway.core.evaluation.Metric;
import dev.slipway.core.performance.JoinedLabels;
import dev.slipway.core.performance.PerformanceCurve;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A curve of performance as a document. A number that is not defined is null. */
public final class PerformanceJson {
  private PerformanceJson() {}

  /**
   * @param names of the windows
   * @param changes places of predictions, from 1, at which each detector saw a change
   */
  public static ObjectNode of(
      Metric metric,
      PerformanceCurve curve,
      List<String> names,
      JoinedLabels labels,
      Map<String, List<Integer>> changes) {
    ObjectNode document = Json.mapper().createObjectNode();
    int predictions = labels.labels().length;
    document
        .put("metric", metric.label())
        .put("predictions", predictions)
        .put("labelled", labels.labelled())
        .put("revisions", labels.revisions())
        .put("orphans", labels.orphans());
    ArrayNode windows = document.putArray("windows");
    boolean estimated = false;
    for (int i = 0; i < names.size(); i++) {
      PerformanceCurve.Window window = curve.windows().get(i);
      ObjectNode node = windows.addObject();
      node.put("window", names.get(i))
          .put("from", window.from() + 1)
          .put("to", window.to())
          .put("predictions", window.predictions())
          .put("labelled", window.labelled())
          .put("coverage", window.coverage());
      put(node, "value", window.measured().value());
      put(node, "low", window.measured().low());
      put(node, "high", window.measured().high());
      put(node, "estimate", window.estimated());
      estimated |= Double.isFinite(window.estimated());
    }
    ObjectNode detected = document.putObject("changes");
    changes.forEach((detector, places) -> places.forEach(detected.putArray(detector)::add));
    document.put("summary", summary(labels, changes, estimated));
    return document;
  }

  private static String summary(
      JoinedLabels labels, Map<String, List<Integer>> changes, boolean estimated) {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%d of %d predictions have a label; %d labels were corrected, %d belong to none.",
                labels.labelled(),
                labels.labels().length,
                labels.revisions(),
                labels.orphans()));
    changes.forEach(
        (detector, places) -> {
          if (!places.isEmpty()) {
            text.append(
                "\n%s: errors changed by prediction %s."
                    .formatted(
                        detector,
                        String.join(
                            ", ", places.stream().limit(10).map(String::valueOf).toList())));
            if (places.size() > 10) {
              text.append(" And %d times more.".formatted(places.size() - 10));
            }
          }
        });
    if (estimated) {
      text.append("\nEstimates take the scores at their word: they are blind to concept drift.");
    }
    return text.toString();
  }

  private static void put(ObjectNode node, String field, double value) {
    if (Double.isFinite(value)) {
      node.put(field, value);
    } else {
      node.putNull(field);
    }
  }
}
