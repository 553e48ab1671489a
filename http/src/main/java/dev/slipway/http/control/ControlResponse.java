package dev.slipway.http.control;

/**
 * An answer of the control API.
 *
 * @param contentType {@code application/json} or {@code application/problem+json}
 */
public record ControlResponse(int status, String contentType, byte[] body) {}
