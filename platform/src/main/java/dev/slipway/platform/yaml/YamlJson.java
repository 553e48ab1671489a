package dev.slipway.platform.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
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
public final class YamlJson {
  private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]{1,400}");
  private static final Pattern DECIMAL =
      Pattern.compile(
          "[-+]?(\\.[0-9]{1,400}|[0-9]{1,400}(\\.[0-9]{0,400})?)([eE][-+]?[0-9]{1,4})?");

  private YamlJson() {}

  /**
   * The JSON that a text means.
   *
   * @param file name for messages
   * @throws SlipwayException CONFIGURATION_INVALID if it is no YAML mapping, or a key appears twice
   */
  public static ObjectNode parse(String file, String text) {
    return (ObjectNode) of(YamlMapping.root(file, text));
  }

  /**
   * The JSON that a part of a text means.
   *
   * @throws SlipwayException CONFIGURATION_INVALID if a key appears twice
   */
  public static JsonNode of(Node node) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (node) {
      case MappingNode mapping -> {
        ObjectNode object = nodes.objectNode();
        for (NodeTuple entry : mapping.getValue()) {
          String key = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
          if (object.has(key)) {
            throw new SlipwayException(
                ErrorCode.CONFIGURATION_INVALID,
                "line %d: %s appears twice (expected: once)"
                    .formatted(entry.getKeyNode().getStartMark().getLine() + 1, key));
          }
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
