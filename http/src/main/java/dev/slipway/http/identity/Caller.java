package dev.slipway.http.identity;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Action;
import dev.slipway.core.identity.Authorizer;
import dev.slipway.core.identity.Decision.Allowed;
import dev.slipway.core.identity.Decision.Denied;
import dev.slipway.core.identity.Disclosure;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.identity.PrincipalKind;
import dev.slipway.core.identity.Resource;
import dev.slipway.core.protection.AccountUses;
import dev.slipway.core.protection.InferencePermit;
import org.jspecify.annotations.Nullable;

/** Who sent a request, to be asked whether they may. Thread-safe. */
public final class Caller {
  private final Principal principal;
  private final AccessCounts counts;
  private final String notAccepted;

  /** For the deployment that was asked last; most callers ask one. */
  private volatile @Nullable InferencePermit permit;

  public Caller(Principal principal, AccessCounts counts) {
    this(principal, counts, "");
  }

  private Caller(Principal principal, AccessCounts counts, String notAccepted) {
    this.principal = principal;
    this.counts = counts;
    this.notAccepted = notAccepted;
  }

  /**
   * Whoever shows a session that is not accepted. They may do what is open, such as to sign in
   * again.
   *
   * @param why it is not, with what mends it
   */
  static Caller ofEndedSession(AccessCounts counts, String why) {
    return new Caller(Principal.ANONYMOUS, counts, why);
  }

  /** Whether it showed the credentials of an account. */
  public boolean isAccount() {
    return principal.kind().isAccount();
  }

  public Principal principal() {
    return principal;
  }

  /**
   * Goes on if the caller may.
   *
   * @param resource of the action's kind
   * @throws SlipwayException UNAUTHENTICATED or PERMISSION_DENIED, saying what is missing and the
   *     command that mends it
   */
  public void require(Action action, Resource resource) {
    switch (Authorizer.decide(principal, action, resource)) {
      case Allowed allowed -> {}
      case Denied denied when !notAccepted.isEmpty() -> {
        counts.count(Refusal.BAD_CREDENTIALS);
        throw new SlipwayException(denied.code(), notAccepted);
      }
      case Denied denied -> {
        counts.count(
            denied.code() == ErrorCode.UNAUTHENTICATED ? Refusal.NO_CREDENTIALS : Refusal.DENIED);
        throw new SlipwayException(denied.code(), denied.message());
      }
    }
  }

  /**
   * What the caller may ask of a deployment, and see of its answers.
   *
   * @param uses counts what accounts ask
   * @throws SlipwayException UNAUTHENTICATED or PERMISSION_DENIED if nothing
   */
  public InferencePermit permit(Resource deployment, AccountUses uses) {
    InferencePermit known = permit;
    if (known != null && known.isFor(deployment.name())) {
      return known;
    }
    Disclosure disclosure = Authorizer.disclosure(principal, deployment);
    if (disclosure == null) {
      require(Action.INFER, deployment);
      throw new IllegalStateException(Action.INFER + " is allowed and discloses nothing");
    }
    InferencePermit fresh = uses.permit(principal, deployment, disclosure);
    permit = fresh;
    return fresh;
  }

  /**
   * Goes on if the action is open or it is known who asks, where what it is taken on is not known
   * yet.
   *
   * @throws SlipwayException UNAUTHENTICATED
   */
  public void requireKnown(Action action) {
    if (principal.kind() == PrincipalKind.ANONYMOUS) {
      require(action, new Resource(action.target(), Resource.ALL));
    }
  }
}
