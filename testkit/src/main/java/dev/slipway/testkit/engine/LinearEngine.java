package dev.slipway.testkit.engine;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.engine.InferenceSession;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.serving.engine.ModelEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A small engine of its own, so that what stands above engines is tested without native code.
 *
 * <p>A model is the text {@code linear}, a blank, and its weights, in a file named as ONNX; {@code
 * x} FP32 [-1, n] gives {@code y} FP32 [-1, 1], the weighted sum of each row.
 */
public final class LinearEngine implements ModelEngine {
  @Override
  public String name() {
    return "linear";
  }

  @Override
  public boolean supports(ModelArtifact artifact) {
    return artifact.format() == ArtifactFormat.ONNX;
  }

  @Override
  public ModelSignature inspect(ModelArtifact artifact) {
    return signature(weights(artifact).length);
  }

  @Override
  public LoadedModel load(ModelArtifact artifact, EngineSettings settings) {
    return new Loaded(weights(artifact));
  }

  /** Writes a model of these weights as {@code model.onnx}, and returns the file. */
  public static Path write(Path folder, double... weights) throws IOException {
    Files.createDirectories(folder);
    StringBuilder text = new StringBuilder("linear");
    for (double weight : weights) {
      text.append(' ').append(weight);
    }
    return Files.writeString(folder.resolve("model.onnx"), text);
  }

  private static ModelSignature signature(int columns) {
    return new ModelSignature(
        List.of(TensorSpec.of("x", DataType.FP32, Shape.of(-1, columns))),
        List.of(TensorSpec.of("y", DataType.FP32, Shape.of(-1, 1))));
  }

  private static float[] weights(ModelArtifact artifact) {
    String text;
    try {
      text = Files.readString(artifact.primaryFile());
    } catch (IOException e) {
      throw new SlipwayException(ErrorCode.MODEL_INVALID, "not readable as text", e);
    }
    if (!text.startsWith("linear ")) {
      throw new SlipwayException(
          ErrorCode.MODEL_INVALID, "no linear model (expected: 'linear' and weights)");
    }
    List<String> words = Arrays.asList(text.substring(7).strip().split(" "));
    float[] weights = new float[words.size()];
    for (int i = 0; i < weights.length; i++) {
      try {
        weights[i] = Float.parseFloat(words.get(i));
      } catch (NumberFormatException e) {
        throw new SlipwayException(
            ErrorCode.MODEL_INVALID, "weight %d: %s".formatted(i, words.get(i)), e);
      }
    }
    return weights;
  }

  private record Loaded(float[] weights) implements LoadedModel {
    @Override
    public ModelSignature signature() {
      return LinearEngine.signature(weights.length);
    }

    @Override
    public long memoryBytes() {
      return 4L * weights.length;
    }

    @Override
    public InferenceSession openSession() {
      return new Session(weights);
    }

    @Override
    public void close() {}
  }

  private record Session(float[] weights) implements InferenceSession {
    @Override
    public List<Tensor> infer(List<Tensor> inputs, long deadlineNanos) {
      Tensor x = inputs.getFirst();
      int rows = (int) x.shape().dimension(0);
      ByteBuffer y = ByteBuffer.allocate(4 * rows).order(ByteOrder.LITTLE_ENDIAN);
      for (int row = 0; row < rows; row++) {
        float sum = 0;
        for (int column = 0; column < weights.length; column++) {
          sum += weights[column] * x.data().getFloat(4 * (row * weights.length + column));
        }
        if (Float.isNaN(sum)) {
          throw new SlipwayException(ErrorCode.INFERENCE_FAILED, "the sum is not a number");
        }
        y.putFloat(4 * row, sum);
      }
      return List.of(new Tensor("y", DataType.FP32, Shape.of(rows, 1), y));
    }

    @Override
    public void close() {}
  }
}
