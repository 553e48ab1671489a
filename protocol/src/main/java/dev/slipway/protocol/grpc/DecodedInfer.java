package dev.slipway.protocol.grpc;

import dev.slipway.core.inference.InferenceRequest;

/**
 * What a {@code ModelInferRequest} says.
 *
 * @param request its buffers belong to whoever receives this
 * @param raw whether its tensors came in {@code raw_input_contents}; the answer's then go in {@code
 *     raw_output_contents}, since each client reads what it writes
 */
public record DecodedInfer(InferenceRequest request, boolean raw) {}
