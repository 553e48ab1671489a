package dev.slipway.platform.mlflow;

import java.util.Map;

/**
 * A version that somebody registers. Texts are empty where nothing is said.
 *
 * @param source where its files lie, as {@code models:/m-ID} or {@code runs:/RUN/PATH}
 */
public record VersionRequest(
    String model,
    String source,
    String runId,
    String runLink,
    String loggedModelId,
    String description,
    Map<String, String> tags) {

  /** The same, made by this run. */
  VersionRequest madeBy(String run) {
    return new VersionRequest(model, source, run, runLink, loggedModelId, description, tags);
  }
}
