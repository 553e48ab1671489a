package dev.slipway.http.grpc;

import dev.slipway.core.tensor.BufferSource;
import dev.slipway.protocol.DecodeLimits;
import dev.slipway.protocol.grpc.InferRequestDecoder;
import dev.slipway.protocol.grpc.InferResponseEncoder;
import dev.slipway.protocol.json.ByteSink;

/** The reusable codecs of one event loop. Not thread-safe. */
final class GrpcCodecs {
  final InferRequestDecoder decoder;
  final InferResponseEncoder encoder = new InferResponseEncoder();
  final ByteSink sink = new ByteSink();

  GrpcCodecs(BufferSource buffers, DecodeLimits limits) {
    decoder = new InferRequestDecoder(buffers, limits);
  }
}
