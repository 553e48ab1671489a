package dev.slipway.http.grpc;

import dev.slipway.core.inference.InferenceRequest;
import dev.slipway.core.protection.InferencePermit;
import dev.slipway.protocol.grpc.DecodedInfer;

/** A request that was decoded and let in. */
record PermittedInfer(DecodedInfer decoded, InferencePermit permit) {
  InferenceRequest request() {
    return decoded.request();
  }
}
