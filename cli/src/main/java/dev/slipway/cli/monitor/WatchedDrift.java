package dev.slipway.cli.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.cli.output.Json;
import dev.slipway.cli.output.JsonText;
import dev.slipway.core.drift.BinCounts;
import dev.slipway.core.drift.FeatureReference;
import dev.slipway.core.drift.ReferenceJson;
import dev.slipway.core.drift.batch.BatchDrift;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * What a server counted of one window, compared here with the reference that it was counted on: the
 * same statistics as of two files.
 *
 * @param answer of the server
 * @param compared the values of which something was counted
 * @param uncounted names of those of which nothing was, such as outputs that nobody asks for
 * @param batch comparison of {@code compared}, in their order
 */
public record WatchedDrift(
    JsonNode answer, List<JsonNode> compared, List<String> uncounted, BatchDrift batch) {
  /**
   * Reads the answer of {@code GET /api/v1/deployments/{name}/drift}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static WatchedDrift of(JsonNode answer) {
    List<JsonNode> compared = new ArrayList<>();
    List<String> uncounted = new ArrayList<>();
    List<FeatureReference> references = new ArrayList<>();
    List<BinCounts> counts = new ArrayList<>();
    List<Double> bounds = new ArrayList<>();
    for (JsonNode field : answer.path("fields")) {
      BinCounts current = counts(field.path("current"));
      if (current.total() == 0) {
        uncounted.add(JsonText.of(field, "feature"));
        continue;
      }
      JsonNode windows = field.path("windows");
      compared.add(field);
      references.add(
          ReferenceJson.read(field.path("reference").toString().getBytes(StandardCharsets.UTF_8)));
      counts.add(current);
      bounds.add(windows.path(windows.size() - 1).path("bound").asDouble());
    }
    Iterator<Double> bound = bounds.iterator();
    return new WatchedDrift(
        answer, compared, uncounted, BatchDrift.of(references, counts, drift -> bound.next()));
  }

  private static BinCounts counts(JsonNode node) {
    JsonNode bins = node.path("counts");
    long[] counts = new long[bins.size()];
    for (int bin = 0; bin < counts.length; bin++) {
      counts[bin] = bins.path(bin).asLong();
    }
    return new BinCounts(counts, node.path("below").asLong(), node.path("above").asLong());
  }

  /** Whether a person should hear of it: drift that stays. */
  public boolean alert() {
    return answer.path("alert").asBoolean();
  }

  /** The comparison as a document, with what the server said of the window. */
  public ObjectNode document() {
    ObjectNode document =
        compared.isEmpty() ? Json.mapper().createObjectNode() : DriftJson.of(batch);
    for (String name :
        List.of("deployment", "version", "reference", "window", "from", "until", "rows", "alert")) {
      document.set(name, answer.path(name));
    }
    if (compared.isEmpty()) {
      document.put(
          "summary",
          "Nothing was counted from %s to %s."
              .formatted(JsonText.of(answer, "from"), JsonText.of(answer, "until")));
      document.put("drift", false).putArray("features");
    }
    for (int i = 0; i < compared.size(); i++) {
      JsonNode field = compared.get(i);
      ObjectNode feature = (ObjectNode) document.path("features").path(i);
      feature.set("side", field.path("side"));
      feature.set("alert", field.path("alert"));
      feature.set("windows", field.path("windows"));
    }
    return document;
  }

  /** A page with histograms. */
  public String html() {
    return DriftHtml.of(
        "of %s".formatted(JsonText.of(answer, "version")),
        "%s from %s to %s"
            .formatted(
                JsonText.of(answer, "deployment"),
                JsonText.of(answer, "from"),
                JsonText.of(answer, "until")),
        List.of(),
        List.of(),
        batch);
  }
}
