package dev.slipway.http.grpc;

import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.Protocol;
import dev.slipway.core.tensor.BufferSource;
import dev.slipway.http.call.Bytes;
import dev.slipway.protocol.DecodeLimits;
import dev.slipway.protocol.grpc.DecodedInfer;
import dev.slipway.protocol.grpc.InferRequestDecoder;
import dev.slipway.protocol.grpc.InferResponseEncoder;
import dev.slipway.protocol.json.ByteSink;
import dev.slipway.serving.ServingLoop;

/** The reusable codecs of one event loop. Not thread-safe. */
final class GrpcCodecs {
  private final InferRequestDecoder decoder;
  final InferResponseEncoder encoder = new InferResponseEncoder();
  final ByteSink sink = new ByteSink();

  GrpcCodecs(BufferSource buffers, DecodeLimits limits) {
    decoder = new InferRequestDecoder(buffers, limits);
  }

  /**
   * Decodes a request; one that is refused is counted.
   *
   * @throws SlipwayException NOT_FOUND if it names no model there is, whatever else is wrong with
   *     it; else what is wrong with it
   */
  DecodedInfer decode(Bytes message, ServingLoop serving) {
    try {
      return decoder.decode(message.array(), message.offset(), message.length());
    } catch (SlipwayException e) {
      SlipwayException refusal = decoder.model().isEmpty() ? e : unservedOr(e, serving);
      serving.recordRefused(decoder.model(), Protocol.GRPC, refusal.code());
      throw refusal;
    }
  }

  private SlipwayException unservedOr(SlipwayException reason, ServingLoop serving) {
    try {
      serving.requireServed(decoder.model(), decoder.version());
      return reason;
    } catch (SlipwayException unserved) {
      return unserved;
    }
  }
}
