package dev.slipway.http.rest;

import dev.slipway.core.inference.InferenceRequest;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.inference.Protocol;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.protection.InferencePermit;
import dev.slipway.http.call.Bytes;
import dev.slipway.http.call.CallScope;
import dev.slipway.protocol.json.ByteSink;
import dev.slipway.protocol.rest.DecodedRequest;
import dev.slipway.protocol.rest.ResponseForm;
import dev.slipway.protocol.rest.V2ResponseEncoder;
import io.vertx.core.http.HttpServerRequest;

/** {@code POST /v1/models/{model}:predict}, the protocol of KServe's default client. */
final class V1PredictCall extends InferCall {
  private ResponseForm form = ResponseForm.JSON;

  V1PredictCall(
      CallScope scope,
      HttpServerRequest request,
      RestPath path,
      InferencePermit permit,
      long arrivalNanos,
      InferenceCodecs codecs) {
    super(scope, request, path, permit, Protocol.KSERVE_V1, arrivalNanos, codecs);
  }

  @Override
  InferenceRequest decode(RestPath where, Bytes body, InferenceCodecs with) {
    ModelSignature signature =
        scope().catalog().require(where.model(), where.version()).version().signature();
    DecodedRequest decoded =
        with.v1Decoder.decode(where.model(), signature, body.array(), body.offset(), body.length());
    form = decoded.form();
    return decoded.request();
  }

  @Override
  int encode(InferenceResponse response, InferenceCodecs with, ByteSink sink) {
    with.v1Encoder.encode(response, form, sink);
    return V2ResponseEncoder.ALL_JSON;
  }
}
