package dev.slipway.http.control;

import java.util.Map;

/**
 * An answer of the control API.
 *
 * @param contentType {@code application/json} or {@code application/problem+json}, but for the
 *     files of the audit log
 * @param headers further headers, by lower-case name
 */
public record ControlResponse(
    int status, String contentType, byte[] body, Map<String, String> headers) {
  public ControlResponse {
    headers = Map.copyOf(headers);
  }

  /** An answer without further headers. */
  public ControlResponse(int status, String contentType, byte[] body) {
    this(status, contentType, body, Map.of());
  }
}
