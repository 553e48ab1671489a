package dev.slipway.bench.micro;

import dev.slipway.bench.engine.FraudModel;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.BatchSettings;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.EngineSettings.Scheduling;
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
import java.time.Instant;
import java.util.List;

/**
 * An engine that answers the first column of each row, so that what is measured around it is the
 * serving plane. Stateless; thread-safe.
 */
final class FirstColumn implements ModelEngine {
  static final int COLUMNS = 15;
  static final int ROW_BYTES = COLUMNS * Float.BYTES;

  private static final String OUTPUT = "probability";

  private static final ModelSignature SIGNATURE =
      new ModelSignature(
          List.of(TensorSpec.of(FraudModel.INPUT, DataType.FP32, Shape.of(-1, COLUMNS))),
          List.of(TensorSpec.of(OUTPUT, DataType.FP32, Shape.of(-1, 1))));

  /** A version of this model that runs once per turn of its event loop. */
  static ModelVersion version(String model) {
    return new ModelVersion(
        new ModelRef(model, 1),
        new ArtifactDigest("sha256:" + "0".repeat(64)),
        ArtifactFormat.ONNX,
        "model.onnx",
        SIGNATURE,
        new ModelSettings(
            new EngineSettings("auto", ExecutionProvider.CPU, 1, 0, Scheduling.TURN),
            BatchSettings.DEFAULT,
            false),
        "",
        "",
        1,
        Instant.EPOCH);
  }

  /** An answer of this model with these values. */
  static InferenceResponse response(String model, float... values) {
    return new InferenceResponse(
        model, version(model), "", List.of(output(values.length, values)), 0, 0, 1, false);
  }

  private static Tensor output(int rows, float... values) {
    ByteBuffer data = ByteBuffer.allocateDirect(rows * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      data.putFloat(i * Float.BYTES, values[i]);
    }
    return new Tensor(OUTPUT, DataType.FP32, Shape.of(rows, 1), data);
  }

  @Override
  public String name() {
    return "first-column";
  }

  @Override
  public boolean supports(ModelArtifact artifact) {
    return true;
  }

  @Override
  public ModelSignature inspect(ModelArtifact artifact) {
    return SIGNATURE;
  }

  @Override
  public LoadedModel load(ModelArtifact artifact, EngineSettings settings) {
    return new Model();
  }

  private static final class Model implements LoadedModel {
    @Override
    public ModelSignature signature() {
      return SIGNATURE;
    }

    @Override
    public long memoryBytes() {
      return 0;
    }

    @Override
    public InferenceSession openSession() {
      return new Session();
    }

    @Override
    public void close() {
      // Holds nothing.
    }
  }

  private static final class Session implements InferenceSession {
    private List<Tensor> outputs = List.of(output(1));

    @Override
    public List<Tensor> infer(List<Tensor> inputs, long deadlineNanos) {
      ByteBuffer rows = inputs.getFirst().data();
      int count = rows.limit() / ROW_BYTES;
      if (outputs.getFirst().shape().dimension(0) != count) {
        outputs = List.of(output(count));
      }
      ByteBuffer out = outputs.getFirst().data();
      for (int row = 0; row < count; row++) {
        out.putFloat(row * Float.BYTES, rows.getFloat(row * ROW_BYTES));
      }
      return outputs;
    }

    @Override
    public void close() {
      // Holds only memory.
    }
  }
}
