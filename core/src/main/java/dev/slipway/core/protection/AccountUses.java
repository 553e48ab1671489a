package dev.slipway.core.protection;

import dev.slipway.core.identity.Disclosure;
import dev.slipway.core.identity.Grant;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.identity.Resource;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What all accounts ask of all deployments; the same for all event loops. Thread-safe. It grows
 * with the accounts and the deployments that there are.
 */
public final class AccountUses {
  private final ProtectionRules rules;
  private final UseListener listener;
  private final InstantSource clock;
  private final LongAdder suspicions = new LongAdder();
  private final ConcurrentMap<Key, AccountUse> uses = new ConcurrentHashMap<>();

  private record Key(String account, String deployment) {}

  /**
   * @param earlier what was counted today before this process began; other days are ignored
   */
  public AccountUses(
      ProtectionRules rules,
      UseListener listener,
      Collection<UsedRows> earlier,
      InstantSource clock) {
    this.rules = rules;
    this.listener = listener;
    this.clock = clock;
    long now = clock.millis();
    for (UsedRows used : earlier) {
      if (used.day() == now / AccountUse.DAY_MILLIS) {
        uses.put(
            new Key(used.account(), used.deployment()),
            new AccountUse(rules.extraction(), now, used.rows()));
      }
    }
  }

  /** What somebody may do who may see so much. */
  public InferencePermit permit(Principal principal, Resource deployment, Disclosure disclosure) {
    return new InferencePermit(this, principal, deployment.name(), disclosure);
  }

  /** Rows a day of a deployment, by the caller's rights or else by the server's rules. */
  long rowsPerDay(Principal principal, String deployment) {
    long own = principal.rowsPerDay(Resource.deployment(deployment));
    return own == Grant.SERVER_BUDGET ? rules.rowsPerDay() : own;
  }

  AccountUse use(String account, String deployment) {
    return uses.computeIfAbsent(
        new Key(account, deployment), key -> new AccountUse(rules.extraction(), clock.millis(), 0));
  }

  long nowMillis() {
    return clock.millis();
  }

  void suspected(Principal principal, String deployment, ExtractionFinding finding) {
    suspicions.increment();
    listener.suspected(principal, deployment, finding);
  }

  /** How often the listener was told. */
  public long suspicions() {
    return suspicions.sum();
  }

  DisclosureRules disclosure() {
    return rules.disclosure();
  }

  /** What was asked today, of accounts that asked something. */
  public List<UsedRows> today() {
    long now = clock.millis();
    List<UsedRows> used = new ArrayList<>();
    uses.forEach(
        (key, use) -> {
          long rows = use.rowsToday(now);
          if (rows > 0) {
            used.add(
                new UsedRows(key.account(), key.deployment(), now / AccountUse.DAY_MILLIS, rows));
          }
        });
    return used;
  }
}
