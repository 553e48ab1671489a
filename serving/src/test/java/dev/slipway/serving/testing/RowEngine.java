package dev.slipway.serving.testing;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactDigest;
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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * An engine of one model family: input {@code x} FP64 [-1, 2], output {@code y} FP64 [-1, 2]. Row
 * {@code (a, b)} becomes {@code (a + b, tag)}, where the tag is the model's own number, so that an
 * answer tells which rows and which model it came from. Some values of {@code b} make it fail.
 * Outputs share one buffer per session, which is overwritten by every run, as real engines do.
 */
public final class RowEngine implements ModelEngine {
  public static final double REJECTS = -1001;
  public static final double CRASHES = -1002;
  public static final double OVERFLOWS_THE_STACK = -1003;

  public static final ModelSignature SIGNATURE =
      new ModelSignature(
          List.of(TensorSpec.of("x", DataType.FP64, Shape.of(-1, 2))),
          List.of(TensorSpec.of("y", DataType.FP64, Shape.of(-1, 2))));

  public final AtomicInteger loads = new AtomicInteger();
  public final AtomicInteger modelsOpen = new AtomicInteger();
  public final AtomicInteger sessionsOpen = new AtomicInteger();
  public final AtomicInteger runs = new AtomicInteger();
  public final AtomicInteger largestBatch = new AtomicInteger();

  /** Called with the number of rows before each run, on the thread of the run. */
  public volatile Consumer<Integer> beforeRun = rows -> {};

  /** Called before a load; may throw. */
  public volatile Runnable beforeLoad = () -> {};

  public volatile boolean blocks;
  public volatile long bytesPerModel = 1_000;

  private final String name;
  private final Map<ArtifactDigest, Integer> tags = new ConcurrentHashMap<>();

  public RowEngine() {
    this("rows");
  }

  public RowEngine(String name) {
    this.name = name;
  }

  /** The artifact of {@code digest} answers with {@code tag}. */
  public void tag(ArtifactDigest digest, int tag) {
    tags.put(digest, tag);
  }

  @Override
  public String name() {
    return name;
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
    beforeLoad.run();
    loads.incrementAndGet();
    modelsOpen.incrementAndGet();
    return new Model(tags.getOrDefault(artifact.digest(), 0));
  }

  /** The model without a pool. */
  public LoadedModel open(int tag) {
    modelsOpen.incrementAndGet();
    return new Model(tag);
  }

  private final class Model implements LoadedModel {
    private final int tag;
    private final AtomicInteger ownSessions = new AtomicInteger();
    private volatile boolean closed;

    Model(int tag) {
      this.tag = tag;
    }

    @Override
    public ModelSignature signature() {
      return SIGNATURE;
    }

    @Override
    public long memoryBytes() {
      return bytesPerModel;
    }

    @Override
    public boolean blocks() {
      return blocks;
    }

    @Override
    public InferenceSession openSession() {
      if (closed) {
        throw new IllegalStateException("a session was opened on a closed model");
      }
      ownSessions.incrementAndGet();
      sessionsOpen.incrementAndGet();
      return new Session(this);
    }

    @Override
    public void close() {
      if (closed || ownSessions.get() != 0) {
        throw new IllegalStateException("closed twice, or before its sessions");
      }
      closed = true;
      modelsOpen.decrementAndGet();
    }
  }

  private final class Session implements InferenceSession {
    private final Model model;
    private final AtomicInteger entered = new AtomicInteger();
    private ByteBuffer buffer = ByteBuffer.allocateDirect(0);
    private boolean closed;

    Session(Model model) {
      this.model = model;
    }

    @Override
    public List<Tensor> infer(List<Tensor> inputs, long deadlineNanos) {
      if (entered.incrementAndGet() != 1 || closed || model.closed) {
        throw new IllegalStateException("a session is used twice at once, or after its close");
      }
      try {
        return run(inputs.get(0));
      } finally {
        entered.decrementAndGet();
      }
    }

    private List<Tensor> run(Tensor x) {
      int rows = (int) x.shape().dimension(0);
      beforeRun.accept(rows);
      runs.incrementAndGet();
      largestBatch.accumulateAndGet(rows, Math::max);
      if (buffer.capacity() < rows * 16) {
        buffer = ByteBuffer.allocateDirect(rows * 16).order(ByteOrder.LITTLE_ENDIAN);
      }
      buffer.clear().limit(rows * 16);
      for (int row = 0; row < rows; row++) {
        double a = x.data().getDouble(row * 16);
        double b = x.data().getDouble(row * 16 + 8);
        if (b == REJECTS) {
          throw new SlipwayException(ErrorCode.VALUE_REJECTED, "row " + row + " is rejected");
        }
        if (b == CRASHES) {
          throw new IllegalStateException("crash asked for");
        }
        if (b == OVERFLOWS_THE_STACK) {
          throw new StackOverflowError("overflow asked for");
        }
        buffer.putDouble(row * 16, a + b);
        buffer.putDouble(row * 16 + 8, model.tag);
      }
      return List.of(new Tensor("y", DataType.FP64, Shape.of(rows, 2), buffer));
    }

    @Override
    public void close() {
      if (closed) {
        throw new IllegalStateException("a session was closed twice");
      }
      closed = true;
      model.ownSessions.decrementAndGet();
      sessionsOpen.decrementAndGet();
    }
  }
}
