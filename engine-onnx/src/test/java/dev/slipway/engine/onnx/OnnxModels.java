package dev.slipway.engine.onnx;

import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.testkit.engine.GoldenModel;
import dev.slipway.testkit.engine.GoldenModel.GoldenCase;
import dev.slipway.testkit.engine.TestArtifacts;
import dev.slipway.testkit.engine.TestTensors;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The models that {@code src/test/python/make_models.py} writes, with answers by arithmetic. */
final class OnnxModels {
  /** Values that would come out otherwise if a type were read with a wrong sign or width. */
  private static final Map<DataType, double[]> TELLING =
      Map.ofEntries(
          Map.entry(DataType.BOOL, new double[] {0, 1, 1, 0}),
          Map.entry(DataType.INT8, new double[] {-128, 127, -1, 5}),
          Map.entry(DataType.INT16, new double[] {-32768, 32767, -1, 5}),
          Map.entry(DataType.INT32, new double[] {Integer.MIN_VALUE, Integer.MAX_VALUE, -1, 5}),
          Map.entry(DataType.INT64, new double[] {-(1L << 53), 1L << 53, -1, 5}),
          Map.entry(DataType.UINT8, new double[] {255, 128, 0, 5}),
          Map.entry(DataType.UINT16, new double[] {65535, 32768, 0, 5}),
          Map.entry(DataType.UINT32, new double[] {4294967295.0, 2147483648.0, 0, 5}),
          Map.entry(DataType.UINT64, new double[] {1L << 53, 1L << 40, 0, 5}),
          Map.entry(DataType.FP16, new double[] {-65504, 0.5, 6.103515625E-5, 1}),
          Map.entry(DataType.BF16, new double[] {-3.5, 0.5, 1.0e30f, 1}),
          Map.entry(DataType.FP32, new double[] {-3.5, 0.1f, 1.0e30f, Double.NEGATIVE_INFINITY}),
          Map.entry(DataType.FP64, new double[] {-3.5, 0.1, 1.0e300, Double.POSITIVE_INFINITY}));

  private OnnxModels() {}

  static ModelArtifact artifact(String name) {
    URL url = OnnxModels.class.getResource("/models/" + name + ".onnx");
    try {
      return TestArtifacts.of(
          Path.of(Objects.requireNonNull(url, name).toURI()), ArtifactFormat.ONNX);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static List<GoldenModel> all() {
    return List.of(
        datatypes(),
        strings(),
        scores("scores_by_number", TestTensors.int64("label", Shape.of(2), 20, 30)),
        scores("scores_by_name", TestTensors.strings("label", Shape.of(2), "fig", "pear")),
        fixed(),
        dynamic(),
        external(),
        nonzero(),
        defaultInput(),
        lookup());
  }

  private static GoldenModel datatypes() {
    List<Tensor> inputs = new ArrayList<>();
    List<Tensor> outputs = new ArrayList<>();
    for (DataType type : DataType.values()) {
      double[] values = TELLING.get(type);
      if (values == null) {
        continue;
      }
      Tensor input = TestTensors.of(type.name(), type, Shape.of(2, 2), values);
      double[] wide = values.clone();
      if (type == DataType.BF16) {
        wide = TestTensors.reals(input);
      }
      inputs.add(input);
      outputs.add(input.withName("same_" + type));
      outputs.add(TestTensors.of("wide_" + type, DataType.FP64, Shape.of(2, 2), wide));
    }
    return golden("datatypes", inputs, outputs);
  }

  private static GoldenModel strings() {
    Shape shape = Shape.of(2, 2);
    // An empty string, a zero byte inside, and characters of two, three and four bytes.
    String[] texts = {"", "a\0b", "käse", "€😀"};
    String[] marked = {"!", "a\0b!", "käse!", "€😀!"};
    return golden(
        "strings",
        List.of(
            TestTensors.strings("text", shape, texts),
            TestTensors.int64("count", Shape.of(2, 1), 21, -4)),
        List.of(
            TestTensors.strings("marked", shape, marked),
            TestTensors.strings("same", shape, texts),
            TestTensors.int64("doubled", Shape.of(2, 1), 42, -8)));
  }

  /** The columns come in the order of the sorted keys, not in that of the model's labels. */
  private static GoldenModel scores(String name, Tensor labels) {
    double a = Math.exp(1);
    double b = Math.exp(2);
    double c = Math.exp(3);
    float first = (float) (a / (a + b + c));
    float second = (float) (b / (a + b + c));
    float third = (float) (c / (a + b + c));
    // Labels of the columns of x: 30, 10, 20 and pear, apple, fig; sorted: columns 1, 2, 0.
    return new GoldenModel(
        name,
        artifact(name),
        List.of(
            new GoldenCase(
                List.of(TestTensors.fp32("x", Shape.of(2, 3), 1, 2, 3, 3, 2, 1)),
                List.of(
                    labels,
                    TestTensors.fp32(
                        "scores", Shape.of(2, 3), second, third, first, second, first, third)))),
        1e-6);
  }

  private static GoldenModel fixed() {
    return golden(
        "fixed",
        List.of(TestTensors.fp32("x", Shape.of(1, 3), 1, -2, 0.25f)),
        List.of(TestTensors.fp32("y", Shape.of(1, 3), 2, -4, 0.5f)));
  }

  private static GoldenModel dynamic() {
    return new GoldenModel(
        "dynamic",
        artifact("dynamic"),
        List.of(
            new GoldenCase(
                List.of(TestTensors.fp32("x", Shape.of(2, 3), 1, 2, 3, 4, 5, 6)),
                List.of(
                    TestTensors.fp32("doubled", Shape.of(2, 3), 2, 4, 6, 8, 10, 12),
                    TestTensors.fp32("sum", Shape.of(2), 6, 15))),
            new GoldenCase(
                List.of(TestTensors.fp32("x", Shape.of(3, 2), 1, 2, 3, 4, 5, 6)),
                List.of(
                    TestTensors.fp32("doubled", Shape.of(3, 2), 2, 4, 6, 8, 10, 12),
                    TestTensors.fp32("sum", Shape.of(3), 3, 7, 11)))),
        0);
  }

  private static GoldenModel external() {
    float[] x = new float[32];
    float[] y = new float[32];
    for (int i = 0; i < 32; i++) {
      x[i] = i - 7;
      y[i] = 3 * x[i];
    }
    return new GoldenModel(
        "external",
        artifact("external/model"),
        List.of(
            new GoldenCase(
                List.of(TestTensors.fp32("x", Shape.of(2, 16), x)),
                List.of(TestTensors.fp32("y", Shape.of(2, 16), y)))),
        0);
  }

  /** The same input shape with outputs of three different lengths. */
  private static GoldenModel nonzero() {
    return new GoldenModel(
        "nonzero",
        artifact("nonzero"),
        List.of(
            new GoldenCase(
                List.of(TestTensors.fp32("x", Shape.of(4), 0, 1, 0, 2)),
                List.of(TestTensors.int64("indices", Shape.of(1, 2), 1, 3))),
            new GoldenCase(
                List.of(TestTensors.fp32("x", Shape.of(4), 1, 1, 1, 1)),
                List.of(TestTensors.int64("indices", Shape.of(1, 4), 0, 1, 2, 3))),
            new GoldenCase(
                List.of(TestTensors.fp32("x", Shape.of(4), 0, 0, 0, 0)),
                List.of(TestTensors.int64("indices", Shape.of(1, 0))))),
        0);
  }

  private static GoldenModel defaultInput() {
    return golden(
        "default_input",
        List.of(TestTensors.fp32("x", Shape.of(2, 2), 1, 2, 3, 4)),
        List.of(TestTensors.fp32("y", Shape.of(2, 2), 5, 10, 15, 20)));
  }

  private static GoldenModel lookup() {
    return golden(
        "lookup",
        List.of(
            TestTensors.int64("id", Shape.of(2), 2, 0),
            TestTensors.strings("text", Shape.of(2, 1), "1.5", "-3")),
        List.of(
            TestTensors.fp32("row", Shape.of(2, 2), 5, 6, 1, 2),
            TestTensors.fp32("number", Shape.of(2, 1), 1.5f, -3)));
  }

  private static GoldenModel golden(String name, List<Tensor> inputs, List<Tensor> outputs) {
    return new GoldenModel(name, artifact(name), List.of(new GoldenCase(inputs, outputs)), 0);
  }
}
