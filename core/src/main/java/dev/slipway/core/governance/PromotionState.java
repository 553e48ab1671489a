package dev.slipway.core.governance;

/** Where a promotion is on its way. */
public enum PromotionState {
  /** Something is missing before people can be asked. */
  DRAFT,
  GATES_RUNNING,
  AWAITING_APPROVAL,
  /** It may be carried out, until it expires. */
  APPROVED,
  /** It was carried out, and holds. */
  DEPLOYED,
  /** Another promotion took its place; going back to it needs no new approval. */
  SUPERSEDED,
  /** It must not be loaded any more. */
  REVOKED,
  REJECTED,
  EXPIRED;

  /** Whether it can still be approved or carried out. */
  public boolean isOpen() {
    return switch (this) {
      case DRAFT, GATES_RUNNING, AWAITING_APPROVAL, APPROVED -> true;
      case DEPLOYED, SUPERSEDED, REVOKED, REJECTED, EXPIRED -> false;
    };
  }

  /** Whether what it allowed may be loaded, at a restart or a rollback too. */
  public boolean isLoadable() {
    return switch (this) {
      case APPROVED, DEPLOYED, SUPERSEDED -> true;
      case DRAFT, GATES_RUNNING, AWAITING_APPROVAL, REVOKED, REJECTED, EXPIRED -> false;
    };
  }
}
