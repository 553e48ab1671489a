package dev.slipway.serving.batching;

import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.engine.InferenceSession;
import dev.slipway.serving.engine.LoadedModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One engine session with the batch that runs on it and the buffers its rows are gathered in,
 * reused from run to run.
 *
 * <p>Life: the loop fills it, {@link #execute} runs on the loop or on a worker, the loop delivers
 * and clears it. The hand-over through an executor orders the memory accesses.
 */
final class RunSlot {
  private static final Logger LOG = LoggerFactory.getLogger(RunSlot.class);

  private final LoadedModel model;
  private final LongSupplier clock;
  private final List<PendingRequest> requests = new ArrayList<>();
  private @Nullable InferenceSession session;
  private ByteBuffer[] gathered = new ByteBuffer[0];
  private int rows;
  private boolean busy;
  private long deadlineNanos;
  private long startNanos;
  private long endNanos;
  private List<Tensor> outputs = List.of();
  private @Nullable Throwable failure;

  RunSlot(LoadedModel model, LongSupplier clock) {
    this.model = model;
    this.clock = clock;
  }

  boolean isBusy() {
    return busy;
  }

  /** Taken until {@link #clear}: nothing else may run on this session, nor fill this batch. */
  void take() {
    busy = true;
  }

  void add(PendingRequest request) {
    requests.add(request);
    rows += request.rows();
    deadlineNanos =
        requests.size() == 1
            ? request.deadlineNanos()
            : Math.max(deadlineNanos, request.deadlineNanos());
  }

  List<PendingRequest> requests() {
    return requests;
  }

  int rows() {
    return rows;
  }

  long startNanos() {
    return startNanos;
  }

  long inferNanos() {
    return endNanos - startNanos;
  }

  List<Tensor> outputs() {
    return outputs;
  }

  @Nullable Throwable failure() {
    return failure;
  }

  /** Whether the engine failed in a way it did not foresee, so that its session is suspect. */
  boolean hasCrashed() {
    return failure != null && !(failure instanceof SlipwayException);
  }

  void clear() {
    requests.clear();
    rows = 0;
    outputs = List.of();
    failure = null;
    busy = false;
  }

  /** Runs the batch; never throws, whatever the engine does. */
  void execute() {
    startNanos = clock.getAsLong();
    try {
      InferenceSession current = session;
      if (current == null) {
        current = model.openSession();
        session = current;
      }
      outputs = current.infer(inputs(), deadlineNanos);
    } catch (Throwable e) {
      failure = e;
    }
    endNanos = clock.getAsLong();
  }

  /** Closes the session; the next run opens a new one. */
  void closeSession() {
    InferenceSession current = session;
    session = null;
    if (current != null) {
      try {
        current.close();
      } catch (RuntimeException e) {
        LOG.warn("a session did not close", e);
      }
    }
  }

  private List<Tensor> inputs() {
    List<Tensor> first = requests.get(0).inputs();
    if (requests.size() == 1) {
      return first;
    }
    int count = first.size();
    if (gathered.length < count) {
      int known = gathered.length;
      gathered = Arrays.copyOf(gathered, count);
      Arrays.fill(gathered, known, count, ByteBuffer.allocate(0));
    }
    Tensor[] joined = new Tensor[count];
    for (int i = 0; i < count; i++) {
      Tensor own = first.get(i);
      joined[i] = new Tensor(own.name(), own.datatype(), own.shape().withFirst(rows), gather(i));
    }
    return Arrays.asList(joined);
  }

  private ByteBuffer gather(int input) {
    long bytes = 0;
    for (int i = 0; i < requests.size(); i++) {
      bytes += requests.get(i).inputs().get(input).byteLength();
    }
    ByteBuffer buffer = gathered[input];
    if (buffer.capacity() < bytes) {
      int grown = (int) Math.min(Integer.MAX_VALUE, bytes + bytes / 2);
      buffer = ByteBuffer.allocateDirect(grown).order(ByteOrder.LITTLE_ENDIAN);
      gathered[input] = buffer;
    }
    buffer.clear().limit(Math.toIntExact(bytes));
    int at = 0;
    for (int i = 0; i < requests.size(); i++) {
      ByteBuffer source = requests.get(i).inputs().get(input).data();
      int length = source.limit();
      buffer.put(at, source, 0, length);
      at += length;
    }
    return buffer;
  }
}
