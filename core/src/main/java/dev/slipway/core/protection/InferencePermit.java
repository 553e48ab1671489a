package dev.slipway.core.protection;

import dev.slipway.core.identity.Disclosure;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.inference.InferenceRequest;
import dev.slipway.core.inference.InferenceResponse;
import org.jspecify.annotations.Nullable;

/**
 * What one caller may ask of one deployment, and see of its answers. It holds as long as the
 * caller's rights do, so that a connection keeps it. Thread-safe.
 */
public final class InferencePermit {
  private final AccountUses uses;
  private final Principal principal;
  private final String deployment;
  private final Disclosure disclosure;
  private final boolean counted;
  private final long rowsPerDay;

  /** Found at the first request, when it is known that the deployment is there. */
  private volatile @Nullable AccountUse use;

  InferencePermit(AccountUses uses, Principal principal, String deployment, Disclosure disclosure) {
    this.uses = uses;
    this.principal = principal;
    this.deployment = deployment;
    this.disclosure = disclosure;
    this.counted = principal.kind().isAccount();
    this.rowsPerDay = counted ? uses.rowsPerDay(principal, deployment) : 0;
  }

  /** Whether it is about that deployment. */
  public boolean isFor(String name) {
    return deployment.equals(name);
  }

  /** Whether requests have to be {@link #admit admitted}: it is an account that asks. */
  public boolean isCounted() {
    return counted;
  }

  /**
   * Takes a request's rows from the caller's budget, and looks at what it asks. Only for a
   * deployment that there is.
   *
   * @param rows of the request, {@code >= 0}
   * @throws dev.slipway.core.error.SlipwayException BUDGET_EXHAUSTED if the budget has fewer left
   */
  public void admit(InferenceRequest request, long rows) {
    AccountUse counting = use;
    if (counting == null) {
      counting = uses.use(principal.name(), deployment);
      use = counting;
    }
    long now = uses.nowMillis();
    counting.take(rows, rowsPerDay, now);
    ExtractionFinding finding = counting.examine(request, rows, now);
    if (finding != null) {
      uses.suspected(principal, deployment, finding);
    }
  }

  /** What the caller may see of an answer. Valid as long as the answer is. */
  public InferenceResponse shown(InferenceResponse response) {
    return DisclosedAnswer.of(response, disclosure, uses.disclosure());
  }
}
