/**
 * Messages of the gRPC service. The two of the hot path are decoded and encoded by hand, straight
 * between the wire and a tensor's buffer: {@link dev.slipway.protocol.grpc.InferRequestDecoder} and
 * {@link dev.slipway.protocol.grpc.InferResponseEncoder}. All others are generated into {@code
 * proto}; those about models are filled by {@link dev.slipway.protocol.metadata.MetadataMessages}.
 */
@NullMarked
package dev.slipway.protocol.grpc;

import org.jspecify.annotations.NullMarked;
