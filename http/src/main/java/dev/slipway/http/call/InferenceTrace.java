package dev.slipway.http.call;

import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.http.trace.RequestSpan;
import dev.slipway.serving.CallContext;

/** Puts the stages of an answered inference into its span. */
public final class InferenceTrace {
  private InferenceTrace() {}

  public static void record(
      RequestSpan span,
      InferenceResponse response,
      CallContext context,
      long encodeStartNanos,
      long encodeNanos) {
    long queueEnd = context.decodedNanos() + response.queueNanos();
    span.attribute("slipway.model", response.model())
        .attribute("slipway.version", Integer.toString(response.version().ref().version()))
        .attribute("slipway.request_id", context.requestId());
    span.stage("decode", context.arrivalNanos(), context.decodedNanos());
    span.stage("queue", context.decodedNanos(), queueEnd);
    span.stage("infer", queueEnd, queueEnd + response.inferNanos());
    span.stage("encode", encodeStartNanos, encodeStartNanos + encodeNanos);
  }
}
