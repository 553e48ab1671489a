package dev.slipway.http.control;

import dev.slipway.core.audit.entry.Actor;
import java.io.InputStream;
import java.util.Map;

/**
 * A request to the control API.
 *
 * @param path decoded, starts with {@code /api/v1/}
 * @param query decoded; of a repeated key the last value
 * @param headers by lower-case name
 * @param actor who asks
 * @param body reads block until the bytes arrive, and fail past the server's artifact limit
 */
public record ControlRequest(
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    Actor actor,
    InputStream body,
    String requestId) {}
