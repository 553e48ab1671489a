package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.output.Column;
import dev.slipway.cli.output.JsonText;
import dev.slipway.cli.output.Kind;
import dev.slipway.cli.output.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** How comparisons of two files are shown. */
final class MonitorKinds {
  private static final Kind FEATURE =
      Kind.ofTable(
          node -> JsonText.of(node, "feature"),
          List.of(
              Column.of("FEATURE", "feature"),
              Column.of("VERDICT", node -> verdict(node)),
              Column.of("N REF", "reference_rows"),
              Column.of("N NOW", "current_rows"),
              number("PSI", "psi"),
              number("BOUND", "bound"),
              number("BY CHANCE", "psi_without_drift"),
              number("JS", "js"),
              Column.of("KS", node -> number(node.path("ks").path("statistic"))),
              number("WASSERSTEIN", "wasserstein"),
              Column.of("BINS", "bins").wide(),
              number("KL", "kl").wide(),
              number("HELLINGER", "hellinger").wide(),
              number("TV", "total_variation").wide(),
              Column.of("CHI2 P ADJ", node -> number(node.path("chi_square").path("p_adjusted")))
                  .wide()));

  private static final Kind WATCHED_FEATURE =
      Kind.ofTable(
          node -> JsonText.of(node, "feature"),
          List.of(
              Column.of("FEATURE", "feature"),
              Column.of("SIDE", "side"),
              Column.of(
                  "VERDICT", node -> node.path("alert").asBoolean() ? "ALERT" : verdict(node)),
              Column.of("N REF", "reference_rows"),
              Column.of("N NOW", "current_rows"),
              number("PSI", "psi"),
              number("BOUND", "bound"),
              number("BY CHANCE", "psi_without_drift"),
              number("JS", "js"),
              Column.of("KS", node -> number(node.path("ks").path("statistic"))),
              number("WASSERSTEIN", "wasserstein"),
              number("KL", "kl").wide(),
              number("HELLINGER", "hellinger").wide()));

  private static final Kind REFERENCE_FEATURE =
      Kind.ofTable(
          node -> JsonText.of(node, "feature"),
          List.of(
              Column.of("FEATURE", node -> JsonText.of(node.path("reference"), "feature")),
              Column.of("SIDE", "side"),
              Column.of("TYPE", node -> JsonText.of(node.path("reference"), "type")),
              Column.of(
                  "BINS", node -> Integer.toString(node.path("reference").path("counts").size())),
              Column.of("MEAN", node -> number(node.path("reference").path("mean"))),
              Column.of("DEVIATION", node -> number(node.path("reference").path("deviation"))),
              Column.of("MIN", node -> number(node.path("reference").path("min"))),
              Column.of("MAX", node -> number(node.path("reference").path("max")))));

  private static final Kind WINDOW =
      Kind.ofTable(
          node -> JsonText.of(node, "window"),
          List.of(
              Column.of("WINDOW", "window"),
              Column.of("PREDICTIONS", "predictions"),
              Column.of("LABELLED", node -> percent(node.path("coverage"))),
              number("VALUE", "value"),
              number("LOW", "low"),
              number("HIGH", "high"),
              number("ESTIMATE", "estimate"),
              Column.of("FROM", "from").wide(),
              Column.of("TO", "to").wide()));

  private static final Kind EVIDENTLY_FEATURE =
      Kind.ofTable(
          node -> JsonText.of(node, "feature"),
          List.of(
              Column.of("FEATURE", "feature"),
              Column.of("VERDICT", node -> verdict(node)),
              Column.of("N REF", "reference_rows"),
              Column.of("N NOW", "current_rows"),
              Column.of("TEST", "test"),
              number("VALUE", "value"),
              number("THRESHOLD", "threshold"),
              number("PSI", "psi"),
              number("KL", "kl"),
              number("JS", "js"),
              number("WASSERSTEIN", "wasserstein"),
              Column.of("KS P", node -> number(node.path("ks").path("p_value"))).wide()));

  private static final Kind QUALITY_FEATURE =
      Kind.ofTable(
          node -> JsonText.of(node, "feature"),
          List.of(
              Column.of("FEATURE", "feature"),
              Column.of("N REF", node -> JsonText.of(node.path("reference"), "rows")),
              Column.of("N NOW", node -> JsonText.of(node.path("current"), "rows")),
              share("MISSING", "missing"),
              share("INVALID", "invalid"),
              share("NEW", "unseen"),
              share("OUT OF RANGE", "out_of_range")));

  private static final Kind SLIPWAY = of(FEATURE, MonitorKinds::outcome);
  private static final Kind EVIDENTLY = of(EVIDENTLY_FEATURE, MonitorKinds::outcome);
  static final Kind REPORT = of(WATCHED_FEATURE, MonitorKinds::outcome);
  static final Kind REFERENCE =
      new Kind(
          node -> JsonText.of(node, "digest"),
          REFERENCE_FEATURE.columns(),
          (document, wide, style) ->
              "%s: %s rows, %s\n"
                      .formatted(
                          JsonText.of(document, "version"),
                          JsonText.of(document, "rows"),
                          JsonText.of(document, "digest"))
                  + REFERENCE_FEATURE.table(elements(document, "fields"), wide, style));
  static final Kind PERFORMANCE =
      new Kind(
          node -> JsonText.of(node, "metric"),
          WINDOW.columns(),
          (document, wide, style) ->
              WINDOW.table(elements(document, "windows"), wide, style)
                  + "\n"
                  + JsonText.of(document, "summary")
                  + "\n");
  static final Kind QUALITY = of(QUALITY_FEATURE, MonitorKinds::features);

  private MonitorKinds() {}

  static Kind of(MonitorDriftCommand.Mode mode) {
    return switch (mode) {
      case SLIPWAY -> SLIPWAY;
      case EVIDENTLY_COMPAT -> EVIDENTLY;
    };
  }

  /** A whole comparison: a row for each feature, and a line of summary where there is one. */
  private static Kind of(Kind feature, Function<JsonNode, String> name) {
    return new Kind(
        name,
        feature.columns(),
        (document, wide, style) -> details(feature, document, wide, style));
  }

  private static String outcome(JsonNode document) {
    return document.path("drift").asBoolean() ? "drift" : "no-drift";
  }

  private static String features(JsonNode document) {
    List<String> names = new ArrayList<>();
    document.path("features").forEach(feature -> names.add(JsonText.of(feature, "feature")));
    return String.join("\n", names);
  }

  private static List<JsonNode> elements(JsonNode document, String name) {
    List<JsonNode> elements = new ArrayList<>();
    document.path(name).forEach(elements::add);
    return elements;
  }

  private static String details(Kind feature, JsonNode document, boolean wide, Style style) {
    String table = feature.table(elements(document, "features"), wide, style);
    return document.has("summary") ? table + "\n" + JsonText.of(document, "summary") + "\n" : table;
  }

  private static String verdict(JsonNode feature) {
    return feature.path("drift").asBoolean() ? "drift" : "-";
  }

  private static Column number(String title, String field) {
    return Column.of(title, node -> number(node.path(field)));
  }

  private static String number(JsonNode value) {
    if (!value.isNumber()) {
      return "-";
    }
    double number = value.asDouble();
    return number != 0 && Math.abs(number) < 0.0005
        ? String.format(Locale.ROOT, "%.0e", number)
        : String.format(Locale.ROOT, "%.3f", number);
  }

  /** Of the reference and of the current rows. */
  private static Column share(String title, String field) {
    return Column.of(
        title,
        node ->
            "%s -> %s"
                .formatted(
                    percent(node.path("reference").path(field)),
                    percent(node.path("current").path(field))));
  }

  private static String percent(JsonNode share) {
    return share.isNumber() ? String.format(Locale.ROOT, "%.2f%%", 100 * share.asDouble()) : "?";
  }
}
