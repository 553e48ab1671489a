package dev.slipway.store.tracking;

import dev.slipway.core.tracking.Lifecycle;
import dev.slipway.store.search.KeysetQuery;

/** Which rows a search looks at by their lifecycle. */
final class Lifecycles {
  private Lifecycles() {}

  static void restrict(KeysetQuery query, String column, Lifecycle.View view) {
    switch (view) {
      case ACTIVE_ONLY -> query.where(column + " = ?", Lifecycle.ACTIVE.text());
      case DELETED_ONLY -> query.where(column + " = ?", Lifecycle.DELETED.text());
      case ALL -> {}
    }
  }
}
