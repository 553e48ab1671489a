package dev.slipway.core.tracking;

import java.util.Map;

/**
 * Data that a run read. Texts are empty where there is nothing to say.
 *
 * @param tags of its use in this run, such as {@code mlflow.data.context}
 */
public record Dataset(
    String name,
    String digest,
    String sourceType,
    String source,
    String schema,
    String profile,
    Map<String, String> tags) {
  public Dataset {
    tags = Map.copyOf(tags);
  }
}
