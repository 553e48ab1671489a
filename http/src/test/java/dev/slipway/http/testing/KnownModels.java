package dev.slipway.http.testing;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.BatchSettings;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.ExecutionProvider;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelSettings;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.ModelVersion;
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
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An engine whose models are named by their file: {@code sum} adds up the three elements of each
 * row, {@code echo} gives back what it gets, {@code text} gives back strings, {@code gate} answers
 * like {@code sum} but only with a permit, on a worker.
 */
public final class KnownModels implements ModelEngine {
  /** So that a second request for {@code gate} waits for the first. */
  private static final EngineSettings ONE_INSTANCE =
      new EngineSettings(
          EngineSettings.AUTO_ENGINE, ExecutionProvider.CPU, 1, 1, EngineSettings.Scheduling.AUTO);

  /** A first element with which {@code sum} fails. */
  public static final float FAILS = -666;

  /** How many rows {@code gate} may still answer. */
  public final Semaphore permits = new Semaphore(0);

  /** How many runs of {@code gate} have begun. */
  public final AtomicInteger gateRuns = new AtomicInteger();

  /** Whether {@code gate} waits for permits; it does not during warm-up. */
  public volatile boolean gateCloses;

  public static ModelVersion version(String model, int number) {
    return new ModelVersion(
        new ModelRef(model, number),
        new ArtifactDigest(
            "sha256:" + "%064x".formatted(model.hashCode() * 100L + number & 0xffffffffL)),
        ArtifactFormat.ONNX,
        model,
        signature(model),
        new ModelSettings(ONE_INSTANCE, BatchSettings.DEFAULT, false),
        "",
        "",
        100,
        Instant.EPOCH);
  }

  private static ModelSignature signature(String model) {
    return switch (model) {
      case "echo" -> signature(DataType.FP32, Shape.of(-1, -1), Shape.of(-1, -1));
      case "text" -> signature(DataType.BYTES, Shape.of(-1, 1), Shape.of(-1, 1));
      default -> signature(DataType.FP32, Shape.of(-1, 3), Shape.of(-1, 1));
    };
  }

  private static ModelSignature signature(DataType type, Shape input, Shape output) {
    return new ModelSignature(
        List.of(TensorSpec.of("x", type, input)), List.of(TensorSpec.of("y", type, output)));
  }

  @Override
  public String name() {
    return "known";
  }

  @Override
  public boolean supports(ModelArtifact artifact) {
    return true;
  }

  @Override
  public ModelSignature inspect(ModelArtifact artifact) {
    return signature(artifact.primaryFile().getFileName().toString());
  }

  @Override
  public LoadedModel load(ModelArtifact artifact, EngineSettings settings) {
    return new Model(artifact.primaryFile());
  }

  private final class Model implements LoadedModel {
    private final String name;

    Model(Path file) {
      name = file.getFileName().toString();
    }

    @Override
    public ModelSignature signature() {
      return KnownModels.signature(name);
    }

    @Override
    public long memoryBytes() {
      return 1_000;
    }

    @Override
    public boolean blocks() {
      return name.equals("gate");
    }

    @Override
    public InferenceSession openSession() {
      return new Session(name);
    }

    @Override
    public void close() {}
  }

  private final class Session implements InferenceSession {
    private final String name;

    Session(String name) {
      this.name = name;
    }

    @Override
    public List<Tensor> infer(List<Tensor> inputs, long deadlineNanos) {
      Tensor x = inputs.getFirst();
      return switch (name) {
        case "echo", "text" -> List.of(x.withName("y"));
        case "gate" -> {
          waitForPermits((int) x.shape().dimension(0));
          yield List.of(sum(x));
        }
        default -> List.of(sum(x));
      };
    }

    private void waitForPermits(int rows) {
      if (gateCloses) {
        gateRuns.incrementAndGet();
        permits.acquireUninterruptibly(rows);
      }
    }

    private Tensor sum(Tensor x) {
      int rows = (int) x.shape().dimension(0);
      ByteBuffer out = ByteBuffer.allocate(rows * 4).order(ByteOrder.LITTLE_ENDIAN);
      for (int row = 0; row < rows; row++) {
        float first = x.data().getFloat(row * 12);
        if (first == FAILS) {
          throw new SlipwayException(ErrorCode.INFERENCE_FAILED, "the secret of the model");
        }
        out.putFloat(
            row * 4, first + x.data().getFloat(row * 12 + 4) + x.data().getFloat(row * 12 + 8));
      }
      return new Tensor("y", DataType.FP32, Shape.of(rows, 1), out);
    }

    @Override
    public void close() {}
  }
}
