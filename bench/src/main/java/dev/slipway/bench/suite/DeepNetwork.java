package dev.slipway.bench.suite;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/**
 * A neural network of many equal layers over the fraud example's columns, as an ONNX file of a
 * megabyte: {@code h = tanh(h W)} with the same {@code W} in each layer. Its weights are random,
 * but it costs what a real one costs: 25 million operations a row, some 0.3 ms of a core where rows
 * are joined.
 *
 * @param width units of a layer
 * @param layers number of layers
 */
record DeepNetwork(int width, int layers) {
  static final DeepNetwork DEFAULT = new DeepNetwork(512, 48);

  private static final int COLUMNS = 15;
  private static final int FLOAT = 1;
  private static final int IR_VERSION = 8;
  private static final int OPSET = 15;
  private static final long SEED = 3;

  /** Writes one message of onnx.proto3. */
  private interface Message {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  /** The file. */
  byte[] onnx() {
    return bytes(
        model -> {
          model.writeInt64(1, IR_VERSION);
          model.writeByteArray(7, bytes(this::writeGraph));
          model.writeByteArray(8, bytes(opset -> opset.writeInt64(2, OPSET)));
        });
  }

  private void writeGraph(CodedOutputStream graph) throws IOException {
    Random random = new Random(SEED);
    writeNode(graph, "MatMul", "h0", "input", "first");
    for (int layer = 0; layer < layers; layer++) {
      writeNode(graph, "MatMul", "product" + layer, "h" + layer, "middle");
      writeNode(graph, "Tanh", "h" + (layer + 1), "product" + layer);
    }
    writeNode(graph, "MatMul", "margin", "h" + layers, "last");
    writeNode(graph, "Sigmoid", "probability", "margin");
    graph.writeString(2, "deep");
    writeWeights(graph, "first", COLUMNS, width, random);
    writeWeights(graph, "middle", width, width, random);
    writeWeights(graph, "last", width, 1, random);
    graph.writeByteArray(11, value("input", COLUMNS));
    graph.writeByteArray(12, value("probability", 1));
  }

  private static void writeNode(
      CodedOutputStream graph, String operator, String output, String... inputs)
      throws IOException {
    graph.writeByteArray(
        1,
        bytes(
            node -> {
              for (String input : inputs) {
                node.writeString(1, input);
              }
              node.writeString(2, output);
              node.writeString(4, operator);
            }));
  }

  /** Normally distributed, so that a layer's output has the size of its input. */
  private static void writeWeights(
      CodedOutputStream graph, String name, int rows, int columns, Random random)
      throws IOException {
    ByteBuffer values =
        ByteBuffer.allocate(rows * columns * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (values.hasRemaining()) {
      values.putFloat((float) (random.nextGaussian() / Math.sqrt(rows)));
    }
    graph.writeByteArray(
        5,
        bytes(
            tensor -> {
              tensor.writeInt64(1, rows);
              tensor.writeInt64(1, columns);
              tensor.writeInt32(2, FLOAT);
              tensor.writeString(8, name);
              tensor.writeBytes(9, ByteString.copyFrom(values.flip()));
            }));
  }

  /** An FP32 tensor of {@code [batch, columns]}. */
  private static byte[] value(String name, int columns) {
    byte[] shape =
        bytes(
            dimensions -> {
              dimensions.writeByteArray(1, bytes(batch -> batch.writeString(2, "batch")));
              dimensions.writeByteArray(1, bytes(width -> width.writeInt64(1, columns)));
            });
    byte[] tensor =
        bytes(
            type -> {
              type.writeInt32(1, FLOAT);
              type.writeByteArray(2, shape);
            });
    return bytes(
        info -> {
          info.writeString(1, name);
          info.writeByteArray(2, bytes(type -> type.writeByteArray(1, tensor)));
        });
  }

  private static byte[] bytes(Message message) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      message.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
