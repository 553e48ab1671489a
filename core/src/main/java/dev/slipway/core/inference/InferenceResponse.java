package dev.slipway.core.inference;

import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.tensor.Tensor;
import java.util.List;

/**
 * The answer to one request. Its tensors are valid only during the call that delivers it, because
 * they are slices of the engine's own buffers.
 *
 * @param model deployment's name, as the caller addressed it
 * @param version what answered
 * @param id caller's id, or the request id when the caller sent none
 * @param outputs in the order requested, or the signature's order
 * @param queueNanos from submission to the start of the run
 * @param inferNanos run of the batch that this request was in
 * @param batchRows rows in that batch
 * @param cached whether the response cache answered
 */
public record InferenceResponse(
    String model,
    ModelVersion version,
    String id,
    List<Tensor> outputs,
    long queueNanos,
    long inferNanos,
    int batchRows,
    boolean cached) {}
