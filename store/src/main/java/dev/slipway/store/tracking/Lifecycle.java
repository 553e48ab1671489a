package dev.slipway.store.tracking;

import java.util.Locale;

/** Whether something is there or was put away. */
public enum Lifecycle {
  ACTIVE,
  DELETED;

  /** As it is kept and answered: {@code active} or {@code deleted}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Lifecycle of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  /** Which of them a search looks at. */
  public enum View {
    ACTIVE_ONLY,
    DELETED_ONLY,
    ALL
  }
}
