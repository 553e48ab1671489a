package dev.slipway.core.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A registered model as a list shows it.
 *
 * @param latest newest version of each stage that has one
 * @param aliases version numbers by alias
 */
public record ModelCard(
    String name,
    String description,
    Instant createdAt,
    Instant updatedAt,
    List<ListedVersion> latest,
    Map<String, String> tags,
    Map<String, Integer> aliases) {
  public ModelCard {
    latest = List.copyOf(latest);
  }
}
