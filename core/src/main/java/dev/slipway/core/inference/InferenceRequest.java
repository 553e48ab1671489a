package dev.slipway.core.inference;

import dev.slipway.core.tensor.Tensor;
import java.util.List;

/**
 * A decoded request, not yet checked against a model's signature.
 *
 * <p>The codec guarantees that each tensor's bytes match its datatype and shape. The tensors'
 * buffers come from a {@link dev.slipway.core.tensor.BufferSource}; whoever takes the request gives
 * them back.
 *
 * @param model deployment's name
 * @param version version the caller pinned; 0 means the deployment's own choice
 * @param id caller's id; empty means that there was none
 * @param outputs requested outputs; empty means all
 */
public record InferenceRequest(
    String model,
    int version,
    String id,
    List<Tensor> inputs,
    List<RequestedOutput> outputs,
    RequestParameters parameters) {}
