package dev.slipway.core.tracking;

/**
 * A measured value. Texts are empty where there is nothing to say.
 *
 * @param value any double
 * @param step may be negative
 * @param modelId logged model that was measured
 */
public record Metric(
    String name,
    double value,
    long timeMillis,
    long step,
    String datasetName,
    String datasetDigest,
    String modelId,
    String runId) {}
