/**
 * The wire formats of the Open Inference Protocol V2 and of KServe V1, without any server. REST
 * bodies are in {@code rest}, gRPC messages in {@code grpc}; both turn bytes into an {@link
 * dev.slipway.core.inference.InferenceRequest} and an {@link
 * dev.slipway.core.inference.InferenceResponse} into bytes, with no object per number. Every
 * decoder keeps to {@link dev.slipway.protocol.DecodeLimits}.
 */
@NullMarked
package dev.slipway.protocol;

import org.jspecify.annotations.NullMarked;
