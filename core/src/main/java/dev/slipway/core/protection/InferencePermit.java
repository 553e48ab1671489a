package dev.slipway.core.protection;

import dev.slipway.core.identity.Disclosure;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.inference.InferenceRequest;
import dev.slipway.core.inference.InferenceResponse;

/** What one caller may ask of one deployment, and see of its answers. */
public final class InferencePermit {
  private final AccountUses uses;
  private final Principal principal;
  private final String deployment;
  private final Disclosure disclosure;

  InferencePermit(AccountUses uses, Principal principal, String deployment, Disclosure disclosure) {
    this.uses = uses;
    this.principal = principal;
    this.deployment = deployment;
    this.disclosure = disclosure;
  }

  /** Whether requests have to be {@link #admit admitted}: it is an account that asks. */
  public boolean isCounted() {
    return switch (principal.kind()) {
      case PERSON, SERVICE -> true;
      case LOCAL, ANONYMOUS -> false;
    };
  }

  /**
   * Takes a request's rows from the caller's budget, and looks at what it asks. Only for a
   * deployment that there is.
   *
   * @param rows of the request, {@code >= 0}
   * @throws dev.slipway.core.error.SlipwayException BUDGET_EXHAUSTED if the budget has fewer left
   */
  public void admit(InferenceRequest request, long rows) {
    uses.admit(principal, deployment, request, rows);
  }

  /** What the caller may see of an answer. Valid as long as the answer is. */
  public InferenceResponse shown(InferenceResponse response) {
    return DisclosedAnswer.of(response, disclosure, uses.disclosure());
  }
}
