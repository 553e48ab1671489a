package dev.slipway.engine.trees;

import dev.slipway.core.model.ArtifactFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A model that a real library trained, and what that library answered; written by {@code
 * src/test/python/make_golden.py}.
 */
record Golden(
    String name,
    ArtifactFormat format,
    byte[] model,
    int rows,
    int columns,
    int trees,
    int values,
    float[] input,
    int[] leaves,
    double[] output) {

  private static final String SUFFIX = ".golden.gz";

  static Golden load(String name) {
    String model =
        GoldenFiles.names()
            .filter(f -> f.startsWith(name + ".") && !f.endsWith(SUFFIX))
            .findFirst()
            .orElseThrow();
    ByteBuffer data =
        ByteBuffer.wrap(GoldenFiles.bytes(name + SUFFIX)).order(ByteOrder.LITTLE_ENDIAN);
    int rows = data.getInt();
    int columns = data.getInt();
    int trees = data.getInt();
    int values = data.getInt();
    float[] input = new float[rows * columns];
    int[] leaves = new int[rows * trees];
    double[] output = new double[rows * values];
    for (int i = 0; i < input.length; i++) {
      input[i] = data.getFloat();
    }
    for (int i = 0; i < leaves.length; i++) {
      leaves[i] = data.getInt();
    }
    for (int i = 0; i < output.length; i++) {
      output[i] = data.getDouble();
    }
    return new Golden(
        name,
        GoldenFiles.formatOf(model),
        GoldenFiles.bytes(model),
        rows,
        columns,
        trees,
        values,
        input,
        leaves,
        output);
  }

  static List<String> names() {
    return GoldenFiles.names()
        .filter(f -> f.endsWith(SUFFIX))
        .map(f -> f.replace(SUFFIX, ""))
        .toList();
  }

  @Override
  public String toString() {
    return name;
  }
}
