package dev.slipway.engine.trees.format;

import dev.slipway.core.protobuf.ProtoReader;
import dev.slipway.core.protobuf.ProtoReader.DoubleList;
import dev.slipway.core.protobuf.ProtoReader.LongList;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node of an ONNX graph, with its attributes read on demand. */
final class OnnxNode {
  private final List<String> inputs = new ArrayList<>();
  private final List<String> outputs = new ArrayList<>();
  private final Map<String, ByteBuffer> attributes = new HashMap<>();
  private String operator = "";
  private String domain = "";

  /** The value of one attribute; which part is filled depends on its type. */
  record Attribute(
      long integer,
      String text,
      double[] floats,
      long[] integers,
      List<String> texts,
      @Nullable OnnxTensor tensor) {}

  static OnnxNode read(ProtoReader message) {
    OnnxNode node = new OnnxNode();
    while (message.next()) {
      switch (message.field()) {
        case 1 -> node.inputs.add(message.text());
        case 2 -> node.outputs.add(message.text());
        case 4 -> node.operator = message.text();
        case 5 -> {
          ByteBuffer attribute = message.bytes();
          node.attributes.put(nameOf(new ProtoReader(attribute)), attribute);
        }
        case 7 -> node.domain = message.text();
        default -> {}
      }
    }
    return node;
  }

  private static String nameOf(ProtoReader attribute) {
    while (attribute.next()) {
      if (attribute.field() == 1) {
        return attribute.text();
      }
    }
    throw Rejection.invalid("an attribute without a name");
  }

  /**
   * Operator with its domain, for example {@code ai.onnx.ml:ZipMap}; the default domain is bare.
   */
  String operator() {
    return domain.isEmpty() || domain.equals("ai.onnx") ? operator : domain + ":" + operator;
  }

  String input(int index) {
    return index < inputs.size() ? inputs.get(index) : "";
  }

  int inputCount() {
    return inputs.size();
  }

  /** Empty where the output is not wanted. */
  String output(int index) {
    return index < outputs.size() ? outputs.get(index) : "";
  }

  boolean has(String name) {
    return attributes.containsKey(name);
  }

  long integer(String name, long absent) {
    Attribute attribute = attribute(name);
    return attribute == null ? absent : attribute.integer();
  }

  String text(String name, String absent) {
    Attribute attribute = attribute(name);
    return attribute == null ? absent : attribute.text();
  }

  /** Integers, none where absent. */
  long[] integers(String name) {
    Attribute attribute = attribute(name);
    return attribute == null ? new long[0] : attribute.integers();
  }

  List<String> texts(String name) {
    Attribute attribute = attribute(name);
    return attribute == null ? List.of() : attribute.texts();
  }

  /**
   * Numbers of a list attribute, or of the tensor under the same name, or of {@code _as_tensor}.
   */
  double[] numbers(String name) {
    Attribute attribute = attribute(name);
    if (attribute == null) {
      attribute = attribute(name + "_as_tensor");
    }
    if (attribute == null) {
      return new double[0];
    }
    return attribute.tensor() == null ? attribute.floats() : attribute.tensor().values();
  }

  private @Nullable Attribute attribute(String name) {
    ByteBuffer bytes = attributes.get(name);
    if (bytes == null) {
      return null;
    }
    ProtoReader message = new ProtoReader(bytes);
    long integer = 0;
    String text = "";
    DoubleList floats = new DoubleList();
    LongList integers = new LongList();
    List<String> texts = new ArrayList<>();
    Map<String, String> known = new HashMap<>();
    OnnxTensor tensor = null;
    while (message.next()) {
      switch (message.field()) {
        case 3 -> integer = message.integer();
        case 4 -> text = message.text();
        case 5 -> tensor = OnnxTensor.read(message.message());
        case 7 -> message.floats(floats);
        case 8 -> message.integers(integers);
        case 9 -> {
          String each = message.text();
          texts.add(known.computeIfAbsent(each, t -> t));
        }
        default -> {}
      }
    }
    return new Attribute(integer, text, floats.toArray(), integers.toArray(), texts, tensor);
  }
}
