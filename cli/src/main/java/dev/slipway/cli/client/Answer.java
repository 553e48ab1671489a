package dev.slipway.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpHeaders;

/**
 * A successful answer of the server.
 *
 * @param body the JSON; a missing node if the body was empty
 * @param requestId the id under which the server's log knows the request
 */
public record Answer(JsonNode body, HttpHeaders headers, String requestId) {
  /** The header's value, or an empty text. */
  public String header(String name) {
    return headers.firstValue(name).orElse("");
  }
}
