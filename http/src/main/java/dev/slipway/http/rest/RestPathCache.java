package dev.slipway.http.rest;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers how request targets were read, because a caller sends the same few again and again.
 * Forgets all when it is full. Belongs to its event loop; not thread-safe.
 */
final class RestPathCache {
  private static final int ENTRIES_MAX = 2_048;
  private static final int TARGET_LENGTH_MAX = 300;

  private final Map<String, RestPath> paths = new HashMap<>();

  /** As {@link RestPath#parse}. */
  @Nullable RestPath find(String target) {
    RestPath known = paths.get(target);
    if (known != null) {
      return known;
    }
    RestPath path = RestPath.parse(target);
    if (path != null && target.length() <= TARGET_LENGTH_MAX) {
      if (paths.size() == ENTRIES_MAX) {
        paths.clear();
      }
      paths.put(target, path);
    }
    return path;
  }
}
