package dev.slipway.serving.profile;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.ExecutionProvider;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.engine.InferenceSession;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.serving.engine.ModelEngine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Sums rows of a width of its own, and moves a clock by what a run is said to cost: the times that
 * a profile measures are then known exactly.
 */
final class MeteredEngine implements ModelEngine {
  private final String name;
  private final int width;
  private final double fixedMicros;
  private final double microsPerRow;
  private final Set<List<Float>> distinctRows = new HashSet<>();
  private long nanos;
  private int open;

  MeteredEngine(String name, int width, double fixedMicros, double microsPerRow) {
    this.name = name;
    this.width = width;
    this.fixedMicros = fixedMicros;
    this.microsPerRow = microsPerRow;
  }

  long nanos() {
    return nanos;
  }

  int open() {
    return open;
  }

  int distinctRows() {
    return distinctRows.size();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean supports(ModelArtifact artifact) {
    return artifact.primaryFile().toString().endsWith(".rows");
  }

  @Override
  public ModelSignature inspect(ModelArtifact artifact) {
    return new ModelSignature(
        List.of(TensorSpec.of("x", DataType.FP32, Shape.of(-1, -1))),
        List.of(TensorSpec.of("y", DataType.FP32, Shape.of(-1))));
  }

  @Override
  public LoadedModel load(ModelArtifact artifact, EngineSettings settings) {
    if (settings.provider() != ExecutionProvider.CPU) {
      throw new SlipwayException(
          ErrorCode.DEVICE_UNAVAILABLE, settings.provider() + " is not installed");
    }
    open++;
    return new Loaded(inspect(artifact), settings.intraOpThreads());
  }

  private final class Loaded implements LoadedModel {
    private final ModelSignature signature;
    private final int threads;

    Loaded(ModelSignature signature, int threads) {
      this.signature = signature;
      this.threads = threads;
    }

    @Override
    public ModelSignature signature() {
      return signature;
    }

    @Override
    public long memoryBytes() {
      return 0;
    }

    @Override
    public InferenceSession openSession() {
      return new InferenceSession() {
        @Override
        public List<Tensor> infer(List<Tensor> inputs, long deadlineNanos) {
          return sums(inputs.getFirst(), threads);
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void close() {
      open--;
    }
  }

  private List<Tensor> sums(Tensor x, int threads) {
    if (x.shape().dimension(1) != width) {
      throw new SlipwayException(
          ErrorCode.INVALID_TENSOR, "x: %s (expected: [-1, %d])".formatted(x.shape(), width));
    }
    int rows = Math.toIntExact(x.shape().dimension(0));
    nanos += (long) ((fixedMicros + microsPerRow * rows / threads) * 1_000);
    ByteBuffer sums = ByteBuffer.allocate(rows * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < rows; row++) {
      float sum = 0;
      for (int i = 0; i < width; i++) {
        sum += x.data().getFloat((row * width + i) * 4);
      }
      if (distinctRows.size() < 1_000) {
        distinctRows.add(List.of(sum, x.data().getFloat(row * width * 4)));
      }
      sums.putFloat(row * 4, sum);
    }
    return List.of(new Tensor("y", DataType.FP32, Shape.of(rows), sums));
  }
}
