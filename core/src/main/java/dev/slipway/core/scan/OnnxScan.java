package dev.slipway.core.scan;

import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.protobuf.ProtoReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads an ONNX model as far as it can do harm: which operators it names, how many nodes it has,
 * and where its tensors say their data lies. Subgraphs, functions, training graphs and tensors in
 * attributes are read too. Field numbers are those of onnx.proto3 of ONNX 1.19.
 */
public final class OnnxScan {
  private static final int DEPTH_MAX = 64;
  private static final int FINDINGS_MAX = 1_000;
  private static final Set<String> EXTERNAL_KEYS =
      Set.of("location", "offset", "length", "checksum");
  private static final String DEFAULT_DOMAIN = "ai.onnx";

  /**
   * Where a tensor's data lies outside the model file.
   *
   * @param location path relative to the model file's folder, of plain names
   * @param offset in bytes
   * @param length in bytes; negative means to the end
   */
  public record External(String tensor, String location, long offset, long length) {}

  /**
   * What was found.
   *
   * @param externals of which the files are to be looked at
   */
  public record Result(List<Finding> findings, List<External> externals, int nodes) {}

  private final String file;
  private final ScanRules rules;
  private final List<Finding> findings = new ArrayList<>();
  private final List<External> externals = new ArrayList<>();
  private final Set<String> functions = new HashSet<>();
  private final Map<String, String> unknown = new HashMap<>();
  private int nodes;

  private OnnxScan(String file, ScanRules rules) {
    this.file = file;
    this.rules = rules;
  }

  /**
   * @param content of the model file
   */
  public static Result of(String file, ByteBuffer content, ScanRules rules) {
    OnnxScan scan = new OnnxScan(file, rules);
    if (content.remaining() > rules.onnxBytesMax()) {
      scan.found(
          "",
          "%d bytes (expected: at most %d)".formatted(content.remaining(), rules.onnxBytesMax()));
      return scan.result();
    }
    try {
      scan.model(new ProtoReader(content));
    } catch (SlipwayException e) {
      scan.found("", "it is no sound ONNX: " + e.getMessage());
    }
    // A function's name makes its calls known wherever in the file it is defined.
    scan.unknown.forEach(
        (operator, node) -> {
          if (!scan.functions.contains(operator)) {
            scan.found(
                node,
                "operator %s (expected: of %s)"
                    .formatted(operator, String.join(", ", new TreeSet<>(rules.opDomains()))));
          }
        });
    return scan.result();
  }

  private Result result() {
    return new Result(List.copyOf(findings), List.copyOf(externals), nodes);
  }

  private void found(String element, String message) {
    if (findings.size() < FINDINGS_MAX) {
      findings.add(new Finding(file, element, message));
    }
  }

  private void model(ProtoReader model) {
    while (model.next()) {
      switch (model.field()) {
        case 7 -> graph(model.message(), 0);
        case 20 -> training(model.message());
        case 25 -> function(model.message());
        default -> {}
      }
    }
  }

  private void training(ProtoReader training) {
    while (training.next()) {
      if (training.field() == 1 || training.field() == 2) {
        graph(training.message(), 0);
      }
    }
  }

  private void function(ProtoReader function) {
    String name = "";
    String domain = "";
    while (function.next()) {
      switch (function.field()) {
        case 1 -> name = function.text();
        case 7 -> node(function.message(), 0);
        case 10 -> domain = function.text();
        case 11 -> attribute(function.message(), name, 0);
        default -> {}
      }
    }
    functions.add(operator(domain, name));
  }

  private void graph(ProtoReader graph, int depth) {
    if (depth > DEPTH_MAX) {
      found("", "graphs within graphs (expected: at most %d deep)".formatted(DEPTH_MAX));
      return;
    }
    while (graph.next()) {
      switch (graph.field()) {
        case 1 -> node(graph.message(), depth);
        case 5 -> tensor(graph.message());
        case 15 -> sparse(graph.message());
        default -> {}
      }
    }
  }

  private void node(ProtoReader node, int depth) {
    if (++nodes == rules.nodesMax() + 1) {
      found("", "more than %d nodes (expected: at most that)".formatted(rules.nodesMax()));
    }
    String name = "";
    String type = "";
    String domain = "";
    List<ProtoReader> attributes = new ArrayList<>();
    while (node.next()) {
      switch (node.field()) {
        case 3 -> name = node.text();
        case 4 -> type = node.text();
        case 5 -> attributes.add(node.message());
        case 7 -> domain = node.text();
        default -> {}
      }
    }
    if (!rules.opDomains().contains(domain.isEmpty() ? DEFAULT_DOMAIN : domain)
        && unknown.size() < FINDINGS_MAX) {
      unknown.putIfAbsent(operator(domain, type), "node " + name);
    }
    String element = "node " + name;
    attributes.forEach(attribute -> attribute(attribute, element, depth));
  }

  private static String operator(String domain, String type) {
    return (domain.isEmpty() ? DEFAULT_DOMAIN : domain) + "." + type;
  }

  private void attribute(ProtoReader attribute, String element, int depth) {
    while (attribute.next()) {
      switch (attribute.field()) {
        case 5, 10 -> tensor(attribute.message());
        case 6, 11 -> graph(attribute.message(), depth + 1);
        case 22, 23 -> sparse(attribute.message());
        default -> {}
      }
    }
  }

  private void sparse(ProtoReader sparse) {
    while (sparse.next()) {
      if (sparse.field() == 1 || sparse.field() == 2) {
        tensor(sparse.message());
      }
    }
  }

  private void tensor(ProtoReader tensor) {
    String name = "";
    boolean external = false;
    Map<String, String> entries = new HashMap<>();
    List<String> keys = new ArrayList<>();
    while (tensor.next()) {
      switch (tensor.field()) {
        case 8 -> name = tensor.text();
        case 13 -> keys.add(entry(tensor.message(), entries));
        case 14 -> external |= tensor.integer() == 1;
        default -> {}
      }
    }
    // Judged by the entries too: readers differ in what they make of entries without the mark.
    if (!external && keys.isEmpty()) {
      return;
    }
    String element = "tensor " + name;
    for (String key : keys) {
      if (!EXTERNAL_KEYS.contains(key)) {
        found(
            element,
            "external data key '%s' (expected: one of %s)"
                .formatted(key, String.join(", ", new TreeSet<>(EXTERNAL_KEYS))));
      }
    }
    if (keys.size() != entries.size()) {
      found(element, "an external data key comes twice");
    }
    location(element, entries);
  }

  private static String entry(ProtoReader entry, Map<String, String> entries) {
    String key = "";
    String value = "";
    while (entry.next()) {
      switch (entry.field()) {
        case 1 -> key = entry.text();
        case 2 -> value = entry.text();
        default -> {}
      }
    }
    entries.put(key, value);
    return key;
  }

  private void location(String element, Map<String, String> entries) {
    String location = entries.getOrDefault("location", "");
    if (!ArchivePath.isPlain(location)) {
      found(
          element,
          "external data at '%s' (expected: a path below the model's folder)".formatted(location));
      return;
    }
    try {
      long offset = Long.parseLong(entries.getOrDefault("offset", "0"));
      long length = Long.parseLong(entries.getOrDefault("length", "-1"));
      if (offset >= 0 && (length >= 0 || !entries.containsKey("length"))) {
        externals.add(new External(element, location, offset, length));
        return;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message.
    }
    found(
        element,
        "external data offset '%s', length '%s' (expected: numbers of bytes)"
            .formatted(entries.getOrDefault("offset", ""), entries.getOrDefault("length", "")));
  }
}
