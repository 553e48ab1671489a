package dev.slipway.core.model;

import java.time.Instant;

/**
 * One registered version: immutable, its bytes frozen and named by digest.
 *
 * @param ref model's name and version number
 * @param digest SHA-256 over the artifact's tree
 * @param primaryFile path of the model file within the artifact
 * @param exampleRequest a V2 JSON request that the model answers; empty means none was given
 * @param sizeBytes size of the artifact
 */
public record ModelVersion(
    ModelRef ref,
    ArtifactDigest digest,
    ArtifactFormat format,
    String primaryFile,
    ModelSignature signature,
    ModelSettings settings,
    String description,
    String exampleRequest,
    long sizeBytes,
    Instant registeredAt) {}
