package dev.slipway.http.rest;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.InferenceRequest;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.inference.Protocol;
import dev.slipway.core.protection.InferencePermit;
import dev.slipway.http.call.Bytes;
import dev.slipway.http.call.CallScope;
import dev.slipway.http.call.Headers;
import dev.slipway.protocol.json.ByteSink;
import dev.slipway.protocol.rest.DecodedRequest;
import dev.slipway.protocol.rest.ResponseForm;
import io.vertx.core.http.HttpServerRequest;
import java.nio.ByteBuffer;

/** {@code POST /v2/models/{model}/infer}: JSON, JSON with binary tensors, or one raw tensor. */
final class V2InferCall extends InferCall {
  private ResponseForm form = ResponseForm.JSON;

  V2InferCall(
      CallScope scope,
      HttpServerRequest request,
      RestPath path,
      InferencePermit permit,
      long arrivalNanos,
      InferenceCodecs codecs) {
    super(scope, request, path, permit, Protocol.REST, arrivalNanos, codecs);
  }

  @Override
  InferenceRequest decode(RestPath where, Bytes body, InferenceCodecs with) {
    String headerLength = request().headers().get(Headers.INFERENCE_HEADER_LENGTH);
    DecodedRequest decoded =
        headerLength == null
            ? with.v2Decoder.decode(
                where.model(), where.version(), body.array(), body.offset(), body.length())
            : decodeBinary(where, body, with, jsonLength(headerLength));
    form = decoded.form();
    return decoded.request();
  }

  private DecodedRequest decodeBinary(
      RestPath where, Bytes body, InferenceCodecs with, long jsonLength) {
    ByteBuffer bytes = ByteBuffer.wrap(body.array(), body.offset(), body.length());
    if (jsonLength > 0) {
      return with.v2Decoder.decodeBinary(where.model(), where.version(), bytes, jsonLength);
    }
    return with.v2Decoder.decodeRaw(
        where.model(),
        where.version(),
        scope().catalog().require(where.model(), where.version()).version().signature(),
        bytes);
  }

  private static long jsonLength(String header) {
    try {
      long length = Long.parseLong(header.trim());
      if (length >= 0) {
        return length;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message.
    }
    throw new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "Inference-Header-Content-Length: '%s' (expected: a number >= 0)"
            .formatted(header.length() > 40 ? header.substring(0, 40) + "..." : header));
  }

  @Override
  int encode(InferenceResponse response, InferenceCodecs with, ByteSink sink) {
    return with.v2Encoder.encode(response, form, sink);
  }
}
