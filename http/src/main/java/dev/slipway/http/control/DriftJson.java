package dev.slipway.http.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.drift.BinCounts;
import dev.slipway.core.drift.ReferenceJson;
import dev.slipway.core.drift.cell.CellJson;
import dev.slipway.core.drift.cell.DriftReport;
import dev.slipway.core.drift.cell.FieldPlace;
import dev.slipway.core.drift.cell.FrozenReference;
import dev.slipway.core.model.ModelRef;
import dev.slipway.platform.monitor.DriftMonitor;

/** References and drift as the control API shows them. */
final class DriftJson {
  private DriftJson() {}

  /** The reference as it was frozen, with its name and whose it is. */
  static ObjectNode reference(ModelRef ref, FrozenReference frozen) {
    ObjectNode node = (ObjectNode) ControlJson.parse(CellJson.write(frozen.reference()));
    node.put("version", ref.toString()).put("digest", frozen.digest().value());
    return node;
  }

  static ObjectNode watched(DriftMonitor.Watched watched) {
    DriftReport report = watched.report();
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("deployment", watched.deployment())
        .put("version", watched.version().toString())
        .put("reference", watched.reference().digest().value())
        .put("reference_rows", watched.reference().reference().rows())
        .put("window", watched.window().toString())
        .put("from", watched.until().minus(watched.window().length()).toString())
        .put("until", watched.until().toString())
        .put("rows", report.rows())
        .put("alert", !report.alerts().isEmpty());
    ArrayNode fields = node.putArray("fields");
    report.fields().forEach(field -> fields.add(field(field)));
    return node;
  }

  private static ObjectNode field(DriftReport.Field field) {
    ObjectNode node = put(JsonNodeFactory.instance.objectNode(), field.field().place());
    node.put("feature", field.field().reference().feature()).put("alert", field.alert());
    ArrayNode windows = node.putArray("windows");
    for (DriftReport.Window window : field.windows()) {
      windows
          .addObject()
          .put("rows", window.rows())
          .put("psi", window.psi())
          .put("bound", window.bound());
    }
    node.set("reference", ControlJson.parse(ReferenceJson.write(field.field().reference())));
    BinCounts current = field.current();
    ObjectNode counts = node.putObject("current");
    ArrayNode bins = counts.putArray("counts");
    for (int bin = 0; bin < current.bins(); bin++) {
      bins.add(current.count(bin));
    }
    counts.put("below", current.below()).put("above", current.above());
    return node;
  }

  private static ObjectNode put(ObjectNode node, FieldPlace place) {
    return node.put("side", place.side().label())
        .put("tensor", place.tensor())
        .put("column", place.column());
  }
}
