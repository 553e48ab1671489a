package dev.slipway.core.model;

import java.util.List;
import java.util.Map;

/** A version, its tags and the aliases that point to it. */
public record ListedVersion(VersionCard card, Map<String, String> tags, List<String> aliases) {
  public ListedVersion {
    aliases = List.copyOf(aliases);
  }
}
