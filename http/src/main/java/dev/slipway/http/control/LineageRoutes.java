package dev.slipway.http.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Action;
import dev.slipway.core.lineage.LineageGraph;
import dev.slipway.core.model.ModelRef;
import dev.slipway.platform.lineage.Lineage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where a version comes from and where it went: as a graph, and as OpenLineage's events. */
final class LineageRoutes {
  private final Lineage lineage;

  LineageRoutes(Lineage lineage) {
    this.lineage = lineage;
  }

  List<Route> routes() {
    return List.of(
        Route.of(
            "GET", "models/{name}/versions/{version}/lineage", Action.READ_MODEL, this::lineage));
  }

  private ControlResponse lineage(ControlRequest request, List<String> arguments) {
    ModelRef ref = ModelRef.parse(arguments.getFirst() + "/" + arguments.getLast());
    String format = request.query().getOrDefault("format", "graph");
    Lineage.Facts facts = lineage.facts(ref);
    return switch (format) {
      case "graph" -> ControlJson.answer(200, graph(Lineage.graph(facts)));
      case "dot" ->
          new ControlResponse(
              200,
              "text/vnd.graphviz; charset=utf-8",
              Lineage.graph(facts).toDot().getBytes(StandardCharsets.UTF_8));
      case "openlineage" -> ControlJson.answer(200, OpenLineageJson.events(facts));
      default ->
          throw new SlipwayException(
              ErrorCode.BAD_REQUEST,
              "format: '%s' (expected: graph, dot or openlineage)".formatted(format));
    };
  }

  private static ObjectNode graph(LineageGraph graph) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode nodes = answer.putArray("nodes");
    for (LineageGraph.Node node : graph.nodes()) {
      ObjectNode facts =
          nodes
              .addObject()
              .put("id", node.id())
              .put("kind", node.kind().name().toLowerCase(Locale.ROOT))
              .put("label", node.label())
              .putObject("facts");
      for (Map.Entry<String, String> fact : node.facts().entrySet()) {
        facts.put(fact.getKey(), fact.getValue());
      }
    }
    ArrayNode edges = answer.putArray("edges");
    for (LineageGraph.Edge edge : graph.edges()) {
      edges.addObject().put("from", edge.from()).put("to", edge.to()).put("label", edge.label());
    }
    return answer;
  }
}
