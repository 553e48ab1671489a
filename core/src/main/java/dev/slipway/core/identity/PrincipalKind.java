package dev.slipway.core.identity;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What sort of caller a principal is. Some actions are out of reach of a kind, whatever it has. */
public enum PrincipalKind {
  PERSON,
  SERVICE,
  /** A caller on the loopback without credentials. */
  LOCAL,
  /** A caller elsewhere without credentials. */
  ANONYMOUS;

  private static final Set<Action> LOCAL_ACTIONS =
      EnumSet.of(
          Action.READ_SERVER,
          Action.READ_METRICS,
          Action.READ_MODEL,
          Action.READ_DEPLOYMENT,
          Action.INFER,
          Action.INFER_ROUNDED,
          Action.INFER_LABEL,
          Action.TRACK,
          Action.REGISTER,
          Action.PROFILE,
          Action.DEPLOY,
          Action.PROMOTE);

  /** Whether it is the kind of an account, which showed its credentials. */
  public boolean isAccount() {
    return switch (this) {
      case PERSON, SERVICE -> true;
      case LOCAL, ANONYMOUS -> false;
    };
  }

  /** Whether any rights can allow this to such a caller. */
  boolean canEver(Action action) {
    return switch (this) {
      case PERSON -> true;
      case SERVICE -> action != Action.APPROVE;
      case LOCAL -> LOCAL_ACTIONS.contains(action);
      case ANONYMOUS -> false;
    };
  }

  /** For messages. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
