package dev.slipway.core.model;

import java.time.Instant;

/**
 * A name under which versions are registered.
 *
 * @param latestVersion {@code >= 1}
 */
public record RegisteredModel(String name, int latestVersion, Instant createdAt) {}
