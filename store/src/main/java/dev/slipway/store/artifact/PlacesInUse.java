package dev.slipway.store.artifact;

import dev.slipway.core.artifact.ArtifactPath;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Paths at which files are about to appear. A bucket has no folders, so nothing there keeps a file
 * from appearing where at the same moment another file makes a folder. Thread-safe.
 */
final class PlacesInUse {
  private final Map<List<String>, Integer> inUse = new HashMap<>();

  /**
   * Takes a path until it is released; several may take the same.
   *
   * @throws dev.slipway.core.error.SlipwayException BAD_REQUEST if one above or below it is taken
   */
  synchronized void take(ArtifactPath path) {
    List<String> names = path.names();
    for (List<String> other : inUse.keySet()) {
      int both = Math.min(names.size(), other.size());
      boolean oneHoldsTheOther = names.subList(0, both).equals(other.subList(0, both));
      if (oneHoldsTheOther && names.size() != other.size()) {
        throw Refusals.blocked(path, null);
      }
    }
    inUse.merge(names, 1, Integer::sum);
  }

  /** Gives a path back that was taken. */
  synchronized void release(ArtifactPath path) {
    inUse.computeIfPresent(path.names(), (any, users) -> users == 1 ? null : users - 1);
  }
}
