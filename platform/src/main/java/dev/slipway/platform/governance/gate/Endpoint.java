package dev.slipway.platform.governance.gate;

import dev.slipway.core.model.ModelRef;
import java.net.URI;

/**
 * Where a version answers over the network.
 *
 * @param base of the server, such as {@code http://127.0.0.1:8080}
 * @param ref by which the server knows it
 */
public record Endpoint(URI base, ModelRef ref) {}
