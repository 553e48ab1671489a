package dev.slipway.platform.tracking;

import java.util.Map;

/**
 * A run that somebody begins. Texts are empty where nothing is said.
 *
 * @param startMillis 0 means now
 */
public record RunDraft(
    long experimentId, String name, String userId, long startMillis, Map<String, String> tags) {}
