package dev.slipway.platform.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.AnchorNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Turns YAML into the JSON that it means, by the rules of YAML 1.2's core schema. */
final class YamlJson {
  private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]{1,400}");
  private static final Pattern DECIMAL =
      Pattern.compile(
          "[-+]?(\\.[0-9]{1,400}|[0-9]{1,400}(\\.[0-9]{0,400})?)([eE][-+]?[0-9]{1,4})?");

  private YamlJson() {}

  static JsonNode of(Node node) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (node) {
      case MappingNode mapping -> {
        ObjectNode object = nodes.objectNode();
        for (NodeTuple entry : mapping.getValue()) {
          String key = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
          object.set(key, of(entry.getValueNode()));
        }
        yield object;
      }
      case SequenceNode sequence -> {
        ArrayNode array = nodes.arrayNode();
        sequence.getValue().forEach(item -> array.add(of(item)));
        yield array;
      }
      case ScalarNode scalar ->
          scalar.isPlain() ? plain(scalar.getValue()) : nodes.textNode(scalar.getValue());
      case AnchorNode anchor -> of(anchor.getRealNode());
      default -> throw new IllegalStateException("YAML node of kind " + node.getNodeId());
    };
  }

  private static JsonNode plain(String text) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (INTEGER.matcher(text).matches()) {
      return nodes.numberNode(new BigInteger(text));
    }
    if (DECIMAL.matcher(text).matches()) {
      return nodes.numberNode(new BigDecimal(text));
    }
    return switch (text) {
      case "", "null", "~" -> nodes.nullNode();
      case "true" -> nodes.booleanNode(true);
      case "false" -> nodes.booleanNode(false);
      default -> nodes.textNode(text);
    };
  }
}
