package dev.slipway.platform.tracking;

import java.util.Map;

/** A model that somebody begins to log. Texts are empty where nothing is said. */
public record LoggedModelDraft(
    long experimentId,
    String name,
    String modelType,
    String sourceRunId,
    Map<String, String> params,
    Map<String, String> tags) {}
