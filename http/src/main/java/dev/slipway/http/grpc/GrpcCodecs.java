package dev.slipway.http.grpc;

import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.Protocol;
import dev.slipway.core.protection.InferencePermit;
import dev.slipway.core.tensor.BufferSource;
import dev.slipway.http.call.Admission;
import dev.slipway.http.call.Bytes;
import dev.slipway.protocol.DecodeLimits;
import dev.slipway.protocol.grpc.DecodedInfer;
import dev.slipway.protocol.grpc.InferRequestDecoder;
import dev.slipway.protocol.grpc.InferResponseEncoder;
import dev.slipway.protocol.json.ByteSink;
import dev.slipway.serving.ServingLoop;

/** The reusable codecs of one event loop. Not thread-safe. */
final class GrpcCodecs {
  private final BufferSource buffers;
  private final InferRequestDecoder decoder;
  final InferResponseEncoder encoder = new InferResponseEncoder();
  final ByteSink sink = new ByteSink();

  GrpcCodecs(BufferSource buffers, DecodeLimits limits) {
    this.buffers = buffers;
    decoder = new InferRequestDecoder(buffers, limits);
  }

  /**
   * Decodes a request that the caller may send; one that is refused is counted.
   *
   * @throws SlipwayException PERMISSION_DENIED if the caller may not, whatever else is wrong;
   *     NOT_FOUND if it names no model there is, whatever else is wrong with it; what is wrong with
   *     it; BUDGET_EXHAUSTED if the caller's budget is used up
   */
  PermittedInfer decode(Bytes message, GrpcCall call) {
    ServingLoop serving = call.scope().serving();
    DecodedInfer decoded;
    try {
      decoded = decoder.decode(message.array(), message.offset(), message.length());
    } catch (SlipwayException e) {
      if (!decoder.model().isEmpty()) {
        call.permit(decoder.model());
      }
      SlipwayException refusal = decoder.model().isEmpty() ? e : unservedOr(e, serving);
      serving.recordRefused(decoder.model(), Protocol.GRPC, refusal.code());
      throw refusal;
    }
    InferencePermit permit;
    try {
      permit = call.permit(decoded.request().model());
    } catch (SlipwayException e) {
      decoded.request().inputs().forEach(input -> buffers.giveBack(input.data()));
      throw e;
    }
    try {
      Admission.admit(decoded.request(), permit, call.scope());
      return new PermittedInfer(decoded, permit);
    } catch (SlipwayException e) {
      serving.recordRefused(decoded.request().model(), Protocol.GRPC, e.code());
      throw e;
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
