package dev.slipway.platform.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A mapping of a YAML file that is read key by key; every error names the file, the line and the
 * key. Keys that nobody asked for are refused by {@link #requireNoOthers}, with the nearest known
 * one.
 *
 * <p>Scalars are taken as they are written: {@code no} is a string unless a boolean is asked for.
 * Not thread-safe.
 */
final class YamlMapping {
  private static final int CHARACTERS_MAX = 4 << 20;
  private static final int DEPTH_MAX = 50;

  private final String file;
  private final String path;
  private final int line;
  private final Map<String, NodeTuple> entries = new LinkedHashMap<>();
  private final List<String> asked = new ArrayList<>();

  private YamlMapping(String file, String path, MappingNode node) {
    this.file = file;
    this.path = path;
    this.line = lineOf(node);
    for (NodeTuple entry : node.getValue()) {
      String key = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
      if (entries.put(key, entry) != null) {
        throw invalid(
            lineOf(entry.getKeyNode()), "%s appears twice (expected: once)".formatted(at(key)));
      }
    }
  }

  /**
   * @param file name for messages
   * @throws SlipwayException CONFIGURATION_INVALID if the text is no YAML mapping
   */
  static YamlMapping parse(String file, String text) {
    return new YamlMapping(file, "", compose(file, text));
  }

  /** As {@link #parse}, for a file whose keys are somebody else's. */
  static JsonNode json(String file, String text) {
    return YamlJson.of(compose(file, text));
  }

  private static MappingNode compose(String file, String text) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(CHARACTERS_MAX);
    options.setNestingDepthLimit(DEPTH_MAX);
    options.setMaxAliasesForCollections(0);
    Node root;
    try {
      root = new Yaml(options).compose(new StringReader(text));
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      throw new SlipwayException(
          ErrorCode.CONFIGURATION_INVALID,
          "%s line %d: %s".formatted(file, line, e.getProblem()),
          e);
    } catch (YAMLException e) {
      throw new SlipwayException(
          ErrorCode.CONFIGURATION_INVALID, "%s: %s".formatted(file, e.getMessage()), e);
    }
    if (root instanceof MappingNode mapping) {
      return mapping;
    }
    throw new SlipwayException(
        ErrorCode.CONFIGURATION_INVALID, file + ": (expected: a mapping of keys to values)");
  }

  int line() {
    return line;
  }

  boolean has(String key) {
    return find(key).isPresent();
  }

  /** Line of a key, or of this mapping where the key is absent. */
  int line(String key) {
    NodeTuple entry = entries.get(key);
    return entry == null ? line : lineOf(entry.getKeyNode());
  }

  String text(String key, String absent) {
    return find(key).map(node -> scalar(key, node, "a text")).orElse(absent);
  }

  long integer(String key, long absent, long least, long greatest) {
    Optional<Node> node = find(key);
    if (node.isEmpty()) {
      return absent;
    }
    String expected = "a whole number from %d to %d".formatted(least, greatest);
    String text = scalar(key, node.get(), expected);
    try {
      long value = Long.parseLong(text);
      if (value >= least && value <= greatest) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message.
    }
    throw unexpected(node.get(), key, text, expected);
  }

  double number(String key, double absent) {
    Optional<Node> node = find(key);
    if (node.isEmpty()) {
      return absent;
    }
    String text = scalar(key, node.get(), "a number");
    try {
      double value =
          switch (text) {
            case ".inf", "+.inf" -> Double.POSITIVE_INFINITY;
            case "-.inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
          };
      if (!Double.isNaN(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message.
    }
    throw unexpected(node.get(), key, text, "a number");
  }

  boolean flag(String key, boolean absent) {
    Optional<Node> node = find(key);
    if (node.isEmpty()) {
      return absent;
    }
    String text = scalar(key, node.get(), "true or false");
    return switch (text) {
      case "true", "True", "TRUE", "yes", "on" -> true;
      case "false", "False", "FALSE", "no", "off" -> false;
      default -> throw unexpected(node.get(), key, text, "true or false");
    };
  }

  /** One of an enum's constants, in any case. */
  <E extends Enum<E>> E choice(String key, Class<E> type, E absent) {
    Optional<Node> node = find(key);
    if (node.isEmpty()) {
      return absent;
    }
    List<String> names = new ArrayList<>();
    String text = scalar(key, node.get(), "one word");
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(text)) {
        return constant;
      }
      names.add(constant.name().toLowerCase(Locale.ROOT));
    }
    throw unexpected(node.get(), key, text, "one of " + String.join(", ", names));
  }

  List<String> texts(String key) {
    return items(key).stream().map(node -> scalar(key, node, "a text")).toList();
  }

  Optional<YamlMapping> mapping(String key) {
    return find(key).map(node -> asMapping(key, node));
  }

  List<YamlMapping> mappings(String key) {
    List<YamlMapping> mappings = new ArrayList<>();
    List<Node> items = items(key);
    for (int i = 0; i < items.size(); i++) {
      mappings.add(asMapping(key + "[" + i + "]", items.get(i)));
    }
    return mappings;
  }

  /** The value as it is in the file, for what has its own reader. */
  Optional<Node> node(String key) {
    return find(key);
  }

  /** Refuses every key that was not asked for. */
  void requireNoOthers() {
    for (Map.Entry<String, NodeTuple> entry : entries.entrySet()) {
      if (!asked.contains(entry.getKey())) {
        throw invalid(
            lineOf(entry.getValue().getKeyNode()),
            "unknown key %s%s"
                .formatted(at(entry.getKey()), DidYouMean.hint(entry.getKey(), asked)));
      }
    }
  }

  SlipwayException invalid(int atLine, String what) {
    return new SlipwayException(
        ErrorCode.CONFIGURATION_INVALID, "%s line %d: %s".formatted(file, atLine, what));
  }

  private Optional<Node> find(String key) {
    asked.add(key);
    NodeTuple entry = entries.get(key);
    return entry == null || isNull(entry.getValueNode())
        ? Optional.empty()
        : Optional.of(entry.getValueNode());
  }

  private static boolean isNull(Node node) {
    return node instanceof ScalarNode scalar
        && scalar.isPlain()
        && (scalar.getValue().isEmpty() || scalar.getValue().equals("null"));
  }

  private List<Node> items(String key) {
    Optional<Node> node = find(key);
    if (node.isEmpty()) {
      return List.of();
    }
    if (node.get() instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    throw invalid(lineOf(node.get()), at(key) + ": (expected: a list)");
  }

  private YamlMapping asMapping(String key, Node node) {
    if (node instanceof MappingNode mapping) {
      return new YamlMapping(file, at(key), mapping);
    }
    throw invalid(lineOf(node), at(key) + ": (expected: a mapping of keys to values)");
  }

  private String scalar(String key, Node node, String expected) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw invalid(lineOf(node), "%s: (expected: %s)".formatted(at(key), expected));
  }

  private SlipwayException unexpected(Node node, String key, String value, String expected) {
    return invalid(lineOf(node), "%s: %s (expected: %s)".formatted(at(key), value, expected));
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static int lineOf(Node node) {
    return node.getStartMark().getLine() + 1;
  }
}
