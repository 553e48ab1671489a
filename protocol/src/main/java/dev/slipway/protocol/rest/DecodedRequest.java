package dev.slipway.protocol.rest;

import dev.slipway.core.inference.InferenceRequest;

/**
 * What a REST body says: what to infer, and how to write the answer.
 *
 * @param request its buffers belong to whoever receives this
 * @param form stays valid after the request's buffers are given back
 */
public record DecodedRequest(InferenceRequest request, ResponseForm form) {}
