package dev.slipway.http.control;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.http.identity.Caller;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A request to the control API.
 *
 * @param path decoded once, below the prefix of a mount
 * @param query decoded; of a repeated key the last value
 * @param headers by lower-case name
 * @param repeated decoded; every value of each key of the query, in order
 * @param caller who asks
 * @param body reads block until the bytes arrive, and fail past the server's artifact limit
 * @param server by the address of the socket that the request came to, whatever it says itself
 */
public record ControlRequest(
    String method,
    String path,
    Map<String, String> query,
    Map<String, List<String>> repeated,
    Map<String, String> headers,
    Caller caller,
    InputStream body,
    String requestId,
    URI server) {
  private static final URI NOWHERE = URI.create("http://127.0.0.1:0");

  /** As whom the audit log knows who asks. */
  public Actor actor() {
    return caller.principal().actor();
  }

  /** A request whose query repeats no key, and that came to no socket. */
  public ControlRequest(
      String method,
      String path,
      Map<String, String> query,
      Map<String, String> headers,
      Caller caller,
      InputStream body,
      String requestId) {
    this(method, path, query, repeated(query), headers, caller, body, requestId, NOWHERE);
  }

  private static Map<String, List<String>> repeated(Map<String, String> query) {
    return query.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, value -> List.of(value.getValue())));
  }
}
