package dev.slipway.protocol.metadata;

/**
 * A model version in the answer to {@code POST /v2/repository/index}.
 *
 * @param state {@code READY}, {@code UNAVAILABLE} and the like
 * @param reason why it is not ready; empty when it is
 */
public record ModelIndexEntry(String name, String version, String state, String reason) {}
