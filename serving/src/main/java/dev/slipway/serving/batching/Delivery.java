package dev.slipway.serving.batching;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.cache.CacheKey;
import dev.slipway.serving.cache.ResponseCache;
import dev.slipway.serving.cells.VariantCells;
import dev.slipway.serving.metrics.Stage;
import dev.slipway.serving.metrics.VariantMeter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns a finished run into the answers of its requests. */
public final class Delivery {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

  /** What became of a batch. */
  enum Result {
    /** Every request is answered and released. */
    DONE,
    /** The batch as a whole failed; each unanswered request shall run by itself. */
    RUN_AGAIN_ALONE
  }

  private final LoopRuntime loop;
  private final String deployment;
  private final ModelVersion version;
  private final VariantMeter meter;
  private final ResponseCache cache;
  private final VariantCells cells;
  private boolean canSlice = true;

  public Delivery(
      LoopRuntime loop,
      String deployment,
      ModelVersion version,
      VariantMeter meter,
      ResponseCache cache,
      VariantCells cells) {
    this.loop = loop;
    this.deployment = deployment;
    this.version = version;
    this.meter = meter;
    this.cache = cache;
    this.cells = cells;
  }

  VariantMeter meter() {
    return meter;
  }

  /** False once the model has shown that its outputs do not have one entry per row. */
  boolean canSlice() {
    return canSlice;
  }

  Result deliver(RunSlot slot) {
    Throwable failure = slot.failure();
    if (failure != null) {
      return deliverFailure(slot, failure);
    }
    meter.recordBatch(slot.rows(), slot.inferNanos(), slot.startNanos() + slot.inferNanos());
    try {
      return deliverOutputs(slot);
    } catch (RuntimeException e) {
      LOG.error("{}: {} gave outputs that cannot be read", deployment, version.ref(), e);
      answerAll(slot, new SlipwayException(ErrorCode.INFERENCE_FAILED, "unreadable outputs", e));
      return Result.DONE;
    }
  }

  private Result deliverOutputs(RunSlot slot) {
    List<PendingRequest> requests = slot.requests();
    List<Tensor> outputs = slot.outputs();
    int expected = version.signature().outputs().size();
    if (outputs.size() != expected) {
      answerAll(
          slot,
          new SlipwayException(
              ErrorCode.INFERENCE_FAILED,
              "the engine gave %d outputs (expected: %d)".formatted(outputs.size(), expected)));
      return Result.DONE;
    }
    if (requests.size() == 1) {
      PendingRequest only = requests.get(0);
      answer(slot, only, wanted(outputs, only.outputs()));
      return Result.DONE;
    }
    RowSlices slices = RowSlices.of(outputs, slot.rows());
    if (slices == null) {
      canSlice = false;
      LOG.warn(
          "{}: {} does not give one output row per input row; its requests run one by one",
          deployment,
          version.ref());
      return Result.RUN_AGAIN_ALONE;
    }
    for (int i = 0; i < requests.size(); i++) {
      PendingRequest request = requests.get(i);
      answer(slot, request, slices.next(request.rows(), request.outputs()));
    }
    return Result.DONE;
  }

  private void answer(RunSlot slot, PendingRequest request, List<Tensor> outputs) {
    if (!request.isAnswered()) {
      CacheKey key = request.cacheKey();
      if (key != null) {
        cache.put(key, outputs);
      }
      long queueNanos = slot.startNanos() - request.submittedNanos();
      meter.recordStage(Stage.QUEUE, queueNanos);
      meter.recordStage(Stage.INFER, slot.inferNanos());
      loop.respond(
          request,
          new InferenceResponse(
              deployment,
              version,
              request.responseId(),
              outputs,
              queueNanos,
              slot.inferNanos(),
              slot.rows(),
              false));
      cells.count(request.inputs(), outputs, request.outputs(), request.rows());
    }
    loop.release(request);
  }

  private Result deliverFailure(RunSlot slot, Throwable failure) {
    boolean crashed = slot.hasCrashed();
    if (crashed) {
      LOG.error("{}: {} failed unexpectedly", deployment, version.ref(), failure);
    }
    if (slot.requests().size() > 1 && mayBeOneRequestsFault(failure)) {
      return Result.RUN_AGAIN_ALONE;
    }
    answerAll(
        slot,
        failure instanceof SlipwayException known
            ? known
            : new SlipwayException(
                ErrorCode.INTERNAL, "unexpected error while running the model", failure));
    return Result.DONE;
  }

  private static boolean mayBeOneRequestsFault(Throwable failure) {
    if (!(failure instanceof SlipwayException known)) {
      return true;
    }
    return switch (known.code().errorClass()) {
      case CALLER, CONFLICT, INTERNAL -> true;
      case OVERLOAD, DEPENDENCY -> false;
    };
  }

  private void answerAll(RunSlot slot, SlipwayException failure) {
    List<PendingRequest> requests = slot.requests();
    for (int i = 0; i < requests.size(); i++) {
      PendingRequest request = requests.get(i);
      if (!request.isAnswered()) {
        loop.fail(request, meter, failure);
      }
      if (!request.isReleased()) {
        loop.release(request);
      }
    }
  }

  private static List<Tensor> wanted(List<Tensor> outputs, int @Nullable [] places) {
    if (places == null) {
      return outputs;
    }
    Tensor[] chosen = new Tensor[places.length];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = outputs.get(places[i]);
    }
    return Arrays.asList(chosen);
  }
}
