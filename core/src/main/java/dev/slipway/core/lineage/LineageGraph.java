package dev.slipway.core.lineage;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What led to a version and what came of it. Edges go the way that data and decisions go.
 *
 * @param nodes each id once
 * @param edges between nodes of the graph
 */
public record LineageGraph(List<Node> nodes, List<Edge> edges) {
  /** What a node stands for. */
  public enum Kind {
    DATASET,
    RUN,
    MODEL_VERSION,
    PROMOTION,
    DEPLOYMENT
  }

  /**
   * @param id unique in the graph, such as {@code run/4f2a...}
   * @param label for people
   * @param facts what else is known, by name
   */
  public record Node(String id, Kind kind, String label, Map<String, String> facts) {
    public Node {
      facts = Map.copyOf(facts);
    }
  }

  /**
   * @param label what happened between them, such as {@code trained}
   */
  public record Edge(String from, String to, String label) {}

  public LineageGraph {
    nodes = List.copyOf(nodes);
    edges = List.copyOf(edges);
  }

  /** The graph in Graphviz's language. */
  public String toDot() {
    StringBuilder text = new StringBuilder("digraph lineage {\n  rankdir=LR;\n");
    for (Node node : nodes) {
      StringBuilder label = new StringBuilder(node.label());
      new TreeMap<>(node.facts())
          .forEach((name, value) -> label.append('\n').append(name).append(": ").append(value));
      text.append(
          "  %s [shape=%s, label=%s];\n"
              .formatted(quoted(node.id()), shape(node.kind()), quoted(label.toString())));
    }
    for (Edge edge : edges) {
      text.append(
          "  %s -> %s [label=%s];\n"
              .formatted(quoted(edge.from()), quoted(edge.to()), quoted(edge.label())));
    }
    return text.append("}\n").toString();
  }

  private static String shape(Kind kind) {
    return switch (kind) {
      case DATASET -> "cylinder";
      case RUN -> "ellipse";
      case MODEL_VERSION -> "box";
      case PROMOTION -> "hexagon";
      case DEPLOYMENT -> "component";
    };
  }

  private static String quoted(String text) {
    return '"'
        + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "")
        + '"';
  }
}
