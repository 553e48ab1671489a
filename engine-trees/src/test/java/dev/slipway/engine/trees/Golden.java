package dev.slipway.engine.trees;

import dev.slipway.core.model.ArtifactFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

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

  static Stream<Golden> all() {
    return files().filter(f -> f.endsWith(SUFFIX)).map(f -> load(f.replace(SUFFIX, "")));
  }

  static Golden load(String name) {
    String model =
        files()
            .filter(f -> f.startsWith(name + ".") && !f.endsWith(SUFFIX))
            .findFirst()
            .orElseThrow();
    ByteBuffer data = ByteBuffer.wrap(bytes(name + SUFFIX)).order(ByteOrder.LITTLE_ENDIAN);
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
        name, formatOf(model), bytes(model), rows, columns, trees, values, input, leaves, output);
  }

  static ArtifactFormat formatOf(String file) {
    if (file.contains(".ubj")) {
      return ArtifactFormat.XGBOOST_UBJ;
    }
    if (file.contains(".json")) {
      return ArtifactFormat.XGBOOST_JSON;
    }
    return file.contains(".onnx") ? ArtifactFormat.ONNX : ArtifactFormat.LIGHTGBM_TEXT;
  }

  /** The bytes of a file of the golden folder, unzipped. */
  static byte[] bytes(String file) {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(folder().resolve(file)))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String> files() {
    try (Stream<Path> paths = Files.list(folder())) {
      return paths.map(path -> String.valueOf(path.getFileName())).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder() {
    try {
      URI uri = Objects.requireNonNull(Golden.class.getResource("/golden")).toURI();
      return Path.of(uri);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static List<String> names() {
    return files().filter(f -> f.endsWith(SUFFIX)).map(f -> f.replace(SUFFIX, "")).toList();
  }

  @Override
  public String toString() {
    return name;
  }
}
