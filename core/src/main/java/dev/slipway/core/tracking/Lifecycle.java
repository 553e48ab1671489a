package dev.slipway.core.tracking;

import java.util.Locale;

/** Whether something is there or was put away. */
public enum Lifecycle {
  ACTIVE,
  DELETED;

  /** As it is kept and answered: {@code active} or {@code deleted}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one whose {@link #text} this is. */
  public static Lifecycle of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  /** Which of them a search looks at. */
  public enum View {
    ACTIVE_ONLY,
    DELETED_ONLY,
    ALL
  }
}
