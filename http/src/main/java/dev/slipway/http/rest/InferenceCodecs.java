package dev.slipway.http.rest;

import dev.slipway.core.tensor.BufferSource;
import dev.slipway.http.call.ServerTiming;
import dev.slipway.protocol.DecodeLimits;
import dev.slipway.protocol.json.ByteSink;
import dev.slipway.protocol.rest.V1RequestDecoder;
import dev.slipway.protocol.rest.V1ResponseEncoder;
import dev.slipway.protocol.rest.V2RequestDecoder;
import dev.slipway.protocol.rest.V2ResponseEncoder;

/** The reusable codecs of one event loop. Not thread-safe. */
public final class InferenceCodecs {
  final V2RequestDecoder v2Decoder;
  final V2ResponseEncoder v2Encoder = new V2ResponseEncoder();
  final V1RequestDecoder v1Decoder;
  final V1ResponseEncoder v1Encoder = new V1ResponseEncoder();
  final ServerTiming timing = new ServerTiming();
  final ByteSink sink = new ByteSink();

  public InferenceCodecs(BufferSource buffers, DecodeLimits limits) {
    v2Decoder = new V2RequestDecoder(buffers, limits);
    v1Decoder = new V1RequestDecoder(buffers, limits);
  }
}
