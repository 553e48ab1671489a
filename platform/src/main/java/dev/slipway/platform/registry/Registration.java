package dev.slipway.platform.registry;

import dev.slipway.core.model.ModelVersion;

/**
 * What registering led to.
 *
 * @param version the version; of a dry run the one that would have been made
 * @param created whether it is new; false for a dry run, and for bytes that the newest version has
 *     already
 */
public record Registration(ModelVersion version, boolean created) {}
