package dev.slipway.engine.onnx;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.engine.InferenceSession;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * Runs an {@link OnnxModel} on one thread at a time.
 *
 * <p>Inputs in direct buffers are read where they are. The first run with inputs of some shapes
 * lets ONNX Runtime allocate the outputs; later ones with the same shapes write into buffers that
 * are kept ({@link OutputPlan}). A model whose output shapes turn out to depend on the values goes
 * back to the first way for good.
 */
final class OnnxSession implements InferenceSession {
  /** Plans kept: batches between 1 and 64 rows is what turns of an event loop hold. */
  private static final int PLANS_MAX = 64;

  private static final long PLAN_BYTES_MAX = 256 << 10;

  /** A run this long is worth the microsecond that arming the guard costs. */
  private static final long SLOW_NANOS = 5_000_000;

  private final OnnxModel model;
  private final Arena arena = Arena.ofAuto();
  private final OrtValues values = new OrtValues(arena);
  private final MemorySegment scratch = arena.allocate(JAVA_LONG);
  private final ScoreMaps scoreMaps = new ScoreMaps(values, scratch);
  private final MemorySegment inputValues;
  private final MemorySegment outputValues;
  private final InputSlot[] inputs;
  private final int outputCount;

  private final LinkedHashMap<List<Shape>, OutputPlan> plans = new LinkedHashMap<>(16, 0.75f, true);
  private @Nullable OutputPlan lastPlan;
  private @Nullable DeadlineGuard guard;
  private @Nullable OutputPlan usedPlan;
  private boolean holdsResults;
  private boolean closed;

  OnnxSession(OnnxModel model) {
    this.model = model;
    List<TensorSpec> specs = model.graph().inputs();
    this.inputs = new InputSlot[specs.size()];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = new InputSlot();
    }
    this.outputCount = model.graph().outputs().size();
    this.inputValues = arena.allocate(JAVA_LONG, inputs.length);
    this.outputValues = arena.allocate(JAVA_LONG, Math.max(1, outputCount));
  }

  @Override
  public List<Tensor> infer(List<Tensor> tensors, long deadlineNanos) {
    prepare(tensors);
    List<Tensor> empty = emptyAnswer(tensors);
    if (empty != null) {
      return empty;
    }
    try {
      bind(tensors);
      OutputPlan plan = plan(tensors);
      try {
        run(plan, deadlineNanos);
      } catch (OrtFailure e) {
        if (plan == null || !OrtErrors.isShapeMismatch(e)) {
          throw e;
        }
        model.outputShapesVary();
        dropPlans();
        plan = null;
        run(null, deadlineNanos);
      }
      return outputs(tensors, plan);
    } catch (OrtFailure e) {
      throw OrtErrors.running(e);
    } finally {
      Reference.reachabilityFence(tensors);
      Reference.reachabilityFence(this);
    }
  }

  /** Runs once and tells what the outputs are, where their declaration leaves that open. */
  List<OnnxNode> observe(List<Tensor> tensors) {
    prepare(tensors);
    try {
      bind(tensors);
      run(null, Long.MAX_VALUE);
      List<OnnxNode> observed = new ArrayList<>();
      for (int i = 0; i < outputCount; i++) {
        long value = outputValues.getAtIndex(JAVA_LONG, i);
        observed.add(model.graph().outputs().get(i).observed(value, values, scoreMaps));
      }
      return observed;
    } catch (OrtFailure e) {
      throw OrtErrors.running(e);
    } finally {
      Reference.reachabilityFence(tensors);
      Reference.reachabilityFence(this);
    }
  }

  private void prepare(List<Tensor> tensors) {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
    if (tensors.size() != inputs.length) {
      throw new SlipwayException(
          ErrorCode.INVALID_TENSOR,
          "inputs: %d (expected: %d)".formatted(tensors.size(), inputs.length));
    }
    releaseResults();
  }

  /** The answer to no rows, which many operators cannot take, where the signature tells it. */
  private @Nullable List<Tensor> emptyAnswer(List<Tensor> tensors) {
    Shape first = tensors.getFirst().shape();
    if (first.rank() == 0 || first.dimension(0) != 0 || !model.signature().isBatched()) {
      return null;
    }
    List<Tensor> empty = new ArrayList<>(outputCount);
    for (TensorSpec spec : model.signature().outputs()) {
      Shape shape = spec.shape().withFirst(0);
      if (shape.isDynamic()) {
        return null;
      }
      ByteBuffer none = ByteBuffer.allocateDirect(0).order(ByteOrder.LITTLE_ENDIAN);
      empty.add(new Tensor(spec.name(), spec.datatype(), shape, none));
    }
    return empty;
  }

  private void bind(List<Tensor> tensors) throws OrtFailure {
    for (int i = 0; i < inputs.length; i++) {
      inputValues.setAtIndex(JAVA_LONG, i, inputs[i].bind(tensors.get(i)));
    }
  }

  private void run(@Nullable OutputPlan plan, long deadlineNanos) throws OrtFailure {
    usedPlan = plan;
    for (int i = 0; i < outputCount; i++) {
      outputValues.setAtIndex(JAVA_LONG, i, plan == null ? 0 : plan.value(i));
    }
    if (deadlineNanos == Long.MAX_VALUE) {
      run(0);
      return;
    }
    long begin = System.nanoTime();
    long remaining = deadlineNanos - begin;
    if (remaining <= 0) {
      throw new SlipwayException(
          ErrorCode.DEADLINE_EXCEEDED, "the request's deadline had passed before the model ran");
    }
    if (model.isSlow()) {
      runGuarded(remaining);
    } else {
      run(0);
      if (System.nanoTime() - begin > SLOW_NANOS) {
        model.ranSlowly();
      }
    }
  }

  private void runGuarded(long remainingNanos) throws OrtFailure {
    DeadlineGuard used = guard;
    if (used == null) {
      used = new DeadlineGuard();
      guard = used;
    }
    ScheduledFuture<?> alarm = used.arm(remainingNanos);
    try {
      run(used.options());
    } finally {
      used.disarm(alarm);
    }
  }

  private void run(long options) throws OrtFailure {
    OrtApi.run(
        model.nativeSession(),
        options,
        model.inputNames(),
        inputValues.address(),
        inputs.length,
        model.outputNames(),
        outputCount,
        outputValues.address());
    holdsResults = true;
  }

  private List<Tensor> outputs(List<Tensor> tensors, @Nullable OutputPlan plan) throws OrtFailure {
    if (plan != null) {
      List<Tensor> complete = plan.complete();
      if (complete != null) {
        return complete;
      }
    }
    List<Tensor> outputs = new ArrayList<>(outputCount);
    for (int i = 0; i < outputCount; i++) {
      Tensor pinned = plan == null ? null : plan.pinned(i);
      outputs.add(pinned == null ? output(i) : pinned);
    }
    if (plan == null && model.outputShapesFollowInputs()) {
      remember(tensors, outputs);
    }
    return Collections.unmodifiableList(outputs);
  }

  private Tensor output(int index) throws OrtFailure {
    long value = outputValues.getAtIndex(JAVA_LONG, index);
    return switch (model.graph().outputs().get(index)) {
      case OnnxNode.OfScores(TensorSpec spec) -> scoreMaps.read(spec.name(), value);
      case OnnxNode.OfTensor(TensorSpec spec) -> {
        Shape shape = values.shape(value);
        long count = shape.elementCount();
        if (spec.datatype() == DataType.BYTES) {
          yield new Tensor(
              spec.name(), DataType.BYTES, shape, StringTensors.read(value, count, scratch));
        }
        long bytes = Math.multiplyExact(count, spec.datatype().byteSize());
        ByteBuffer data = values.data(value, bytes);
        yield new Tensor(spec.name(), spec.datatype(), shape, apart(data));
      }
    };
  }

  /** A copy where ONNX Runtime answers with the memory of an input, which is the caller's. */
  private ByteBuffer apart(ByteBuffer output) {
    long address = MemorySegment.ofBuffer(output).address();
    for (InputSlot input : inputs) {
      if (address >= input.address && address < input.address + input.bytes) {
        return ByteBuffer.allocateDirect(output.limit())
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(output)
            .flip();
      }
    }
    return output;
  }

  private @Nullable OutputPlan plan(List<Tensor> tensors) {
    OutputPlan last = lastPlan;
    if (last != null && last.fits(tensors)) {
      return last;
    }
    if (plans.isEmpty()) {
      return null;
    }
    OutputPlan found = plans.get(shapes(tensors));
    if (found != null) {
      lastPlan = found;
    }
    return found;
  }

  private void remember(List<Tensor> tensors, List<Tensor> outputs) throws OrtFailure {
    long bytes = 0;
    boolean any = false;
    for (int i = 0; i < outputCount; i++) {
      Tensor output = outputs.get(i);
      if (model.graph().outputs().get(i) instanceof OnnxNode.OfScores) {
        // Its value is not a tensor, so that nothing can be pinned.
        return;
      }
      any |= output.datatype().isFixedSize();
      bytes += output.datatype().isFixedSize() ? output.byteLength() : 0;
    }
    if (!any || bytes > PLAN_BYTES_MAX) {
      return;
    }
    if (plans.size() >= PLANS_MAX) {
      Map.Entry<List<Shape>, OutputPlan> eldest = plans.firstEntry();
      plans.remove(eldest.getKey());
      eldest.getValue().close();
      if (lastPlan == eldest.getValue()) {
        lastPlan = null;
      }
    }
    List<Shape> shapes = shapes(tensors);
    plans.put(shapes, new OutputPlan(shapes, outputs, values, scratch));
  }

  private static List<Shape> shapes(List<Tensor> tensors) {
    return tensors.stream().map(Tensor::shape).toList();
  }

  private void dropPlans() {
    lastPlan = null;
    plans.values().forEach(OutputPlan::close);
    plans.clear();
  }

  /** Gives back what ONNX Runtime allocated for the last answer; pinned values stay. */
  private void releaseResults() {
    if (!holdsResults) {
      return;
    }
    holdsResults = false;
    for (int i = 0; i < outputCount; i++) {
      long value = outputValues.getAtIndex(JAVA_LONG, i);
      boolean pinned = usedPlan != null && usedPlan.value(i) != 0;
      if (value != 0 && !pinned) {
        OrtApi.releaseValue(value);
      }
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    releaseResults();
    dropPlans();
    for (InputSlot input : inputs) {
      input.release();
    }
    if (guard != null) {
      guard.close();
    }
    model.release();
  }

  /** The value of one input, kept while calls come with the same memory and shape. */
  private final class InputSlot {
    private long value;
    private long address;
    private long bytes;
    private Shape shape = Shape.of();
    private @Nullable ByteBuffer staging;

    long bind(Tensor tensor) throws OrtFailure {
      if (tensor.datatype() == DataType.BYTES) {
        release();
        Shape wanted = tensor.shape();
        OrtApi.createTensor(values.write(wanted), wanted.rank(), ElementType.STRING, scratch);
        value = scratch.get(JAVA_LONG, 0);
        StringTensors.fill(value, tensor, scratch);
        return value;
      }
      ByteBuffer data = tensor.data();
      ByteBuffer direct = data.isDirect() ? data : staged(data);
      // The segment of a buffer begins at its position, its content at 0.
      long begin = MemorySegment.ofBuffer(direct).address() - direct.position();
      long length = data.limit();
      if (value == 0 || begin != address || length != bytes || !shape.equals(tensor.shape())) {
        release();
        OrtApi.createTensorOver(
            begin,
            length,
            values.write(tensor.shape()),
            tensor.shape().rank(),
            ElementType.number(tensor.datatype()),
            scratch);
        value = scratch.get(JAVA_LONG, 0);
        address = begin;
        bytes = length;
        shape = tensor.shape();
      }
      return value;
    }

    private ByteBuffer staged(ByteBuffer heap) {
      ByteBuffer room = staging;
      if (room == null || room.capacity() < heap.limit()) {
        room = ByteBuffer.allocateDirect(heap.limit()).order(ByteOrder.LITTLE_ENDIAN);
        staging = room;
      }
      room.put(0, heap, 0, heap.limit());
      return room;
    }

    void release() {
      if (value != 0) {
        OrtApi.releaseValue(value);
        value = 0;
      }
    }
  }
}
