package dev.slipway.engine.onnx;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.serving.engine.SyntheticInputs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A session of ONNX Runtime, which any number of threads may run at the same time.
 *
 * <p>Invariant: the native session lives until the model and every {@link OnnxSession} of it are
 * closed, in whatever order, since a run on a freed session would end the process.
 */
final class OnnxModel implements LoadedModel {
  /**
   * Weights are held once as they lie in the file and, for most operators, once more in the layout
   * of the kernel; a session itself takes some hundred kilobytes.
   */
  private static final int WEIGHT_COPIES = 2;

  private static final long SESSION_BYTES = 256 << 10;

  private final long session;
  private final OnnxGraph graph;
  private final ModelSignature signature;
  private final long memoryBytes;
  // Freed by the garbage collector with the model, which every session keeps reachable.
  private final Arena names = Arena.ofAuto();
  private final MemorySegment inputNames;
  private final MemorySegment outputNames;
  private final AtomicInteger users = new AtomicInteger(1);
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean outputShapesFollowInputs = true;
  private volatile boolean slow;

  private OnnxModel(long session, OnnxGraph graph, long memoryBytes) {
    this.session = session;
    this.graph = graph;
    this.signature = graph.signature();
    this.memoryBytes = memoryBytes;
    this.inputNames = names(signature.inputs());
    this.outputNames = names(signature.outputs());
  }

  /**
   * @param session address of a session, owned from now on, also if this fails
   */
  static OnnxModel of(long session, ModelArtifact artifact) throws OrtFailure {
    try {
      OnnxGraph declared = OnnxGraph.of(session);
      long memoryBytes = WEIGHT_COPIES * sizeBytes(artifact) + SESSION_BYTES;
      OnnxModel model = new OnnxModel(session, declared, memoryBytes);
      return declared.isComplete()
          ? model
          // Takes over the native session; the first model is dropped without being closed.
          : new OnnxModel(session, observed(model, declared), memoryBytes);
    } catch (OrtFailure | RuntimeException e) {
      OrtApi.release(OrtApi.RELEASE_SESSION, session);
      throw e;
    }
  }

  /**
   * Completes and corrects what a graph declares by running it once: the classes of a sequence of
   * maps, the rank of an output of unknown shape, an output of one row whatever the batch. A model
   * that refuses the synthetic values stays as declared.
   */
  private static OnnxGraph observed(OnnxModel model, OnnxGraph declared) {
    try (OnnxSession session = model.openSession()) {
      return new OnnxGraph(
          declared.inputs(), session.observe(SyntheticInputs.of(declared.signature(), 2, 1)));
    } catch (SlipwayException | IllegalArgumentException e) {
      return declared;
    }
  }

  private static long sizeBytes(ModelArtifact artifact) {
    // Weights may lie in other files of the artifact.
    try (Stream<Path> files = Files.walk(artifact.root())) {
      Path primary = artifact.primaryFile();
      boolean external = Files.size(primary) < 64 << 10;
      return external
          ? files.filter(Files::isRegularFile).mapToLong(OnnxModel::size).sum()
          : Files.size(primary);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public ModelSignature signature() {
    return signature;
  }

  /** An estimate from the size of the files, since ONNX Runtime does not tell. */
  @Override
  public long memoryBytes() {
    return memoryBytes;
  }

  @Override
  public OnnxSession openSession() {
    retain();
    return new OnnxSession(this);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release();
    }
  }

  private void retain() {
    if (users.getAndUpdate(count -> count == 0 ? 0 : count + 1) == 0) {
      throw new IllegalStateException("the model is closed");
    }
  }

  void release() {
    if (users.decrementAndGet() == 0) {
      OrtApi.release(OrtApi.RELEASE_SESSION, session);
    }
  }

  long nativeSession() {
    return session;
  }

  OnnxGraph graph() {
    return graph;
  }

  long inputNames() {
    return inputNames.address();
  }

  long outputNames() {
    return outputNames.address();
  }

  /** Whether equal input shapes have always given equal output shapes so far. */
  boolean outputShapesFollowInputs() {
    return outputShapesFollowInputs;
  }

  void outputShapesVary() {
    outputShapesFollowInputs = false;
  }

  /** Whether a run has taken so long that it is worth while to be able to stop one. */
  boolean isSlow() {
    return slow;
  }

  void ranSlowly() {
    slow = true;
  }

  private MemorySegment names(List<TensorSpec> specs) {
    MemorySegment pointers = names.allocate(JAVA_LONG, Math.max(1, specs.size()));
    for (int i = 0; i < specs.size(); i++) {
      pointers.setAtIndex(JAVA_LONG, i, names.allocateFrom(specs.get(i).name()).address());
    }
    return pointers;
  }
}
