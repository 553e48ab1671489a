package dev.slipway.platform.session;

import dev.slipway.core.identity.Role;
import dev.slipway.core.identity.TokenSecret;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * The sessions of people who signed in, in memory alone: a start of the server ends all. A session
 * is looked up by the SHA-256 of its secret, as tokens are, and the secret is kept nowhere.
 * Thread-safe; never blocks for long.
 */
public final class Sessions {
  /** How far the note of the last use may lag, so that not every request writes one. */
  private static final Duration LAG_MAX = Duration.ofMinutes(1);

  private final SessionLimits limits;
  private final SecureRandom random;
  private final Map<String, Open> byHash = new ConcurrentHashMap<>();
  private final AtomicLong generation = new AtomicLong();

  public Sessions(SessionLimits limits, SecureRandom random) {
    this.limits = limits;
    this.random = random;
  }

  /**
   * A session that goes on.
   *
   * @param roles that the provider gave beside the account's
   * @param checkAgain until then it needs not be looked up again, while {@link #generation} stays
   */
  public record Session(String account, Set<Role> roles, Instant checkAgain) {}

  private static final class Open {
    final String account;
    final Set<Role> roles;
    final Instant end;
    volatile Instant used;

    Open(String account, Set<Role> roles, Instant end, Instant used) {
      this.account = account;
      this.roles = Set.copyOf(roles);
      this.end = end;
      this.used = used;
    }
  }

  /** Opens a session. Its secret is told here and never again. */
  public TokenSecret open(String account, Set<Role> roles, Instant now) {
    byte[] bytes = new byte[TokenSecret.RANDOM_BYTES];
    random.nextBytes(bytes);
    TokenSecret secret = TokenSecret.of(TokenSecret.SESSION, bytes);
    synchronized (byHash) {
      byHash.values().removeIf(open -> hasEnded(open, now));
      makeRoom(open -> open.account.equals(account), limits.perAccountMax());
      makeRoom(open -> true, limits.sessionsMax());
      byHash.put(secret.hash(), new Open(account, roles, now.plus(limits.lifetime()), now));
    }
    return secret;
  }

  private void makeRoom(Predicate<Open> of, int max) {
    while (byHash.values().stream().filter(of).count() >= max) {
      byHash.entrySet().stream()
          .filter(entry -> of.test(entry.getValue()))
          .min(Comparator.comparing(entry -> entry.getValue().used))
          .ifPresent(entry -> byHash.remove(entry.getKey()));
      generation.incrementAndGet();
    }
  }

  /** The session of a secret, which is used by that; empty if there is none or it has ended. */
  public Optional<Session> use(String secret, Instant now) {
    Open open = byHash.get(TokenSecret.hash(secret));
    if (open == null || hasEnded(open, now)) {
      return Optional.empty();
    }
    open.used = now;
    Duration quarter = limits.idle().dividedBy(4);
    Instant again = now.plus(quarter.compareTo(LAG_MAX) < 0 ? quarter : LAG_MAX);
    return Optional.of(
        new Session(open.account, open.roles, again.isBefore(open.end) ? again : open.end));
  }

  /**
   * Ends a session, on open connections too.
   *
   * @return whose it was; empty if there was none
   */
  public Optional<String> end(String secret) {
    Open open = byHash.remove(TokenSecret.hash(secret));
    generation.incrementAndGet();
    return Optional.ofNullable(open).map(ended -> ended.account);
  }

  /** Sessions that are open, or ended by time and not yet forgotten. */
  public int count() {
    return byHash.size();
  }

  /** Another number as soon as a session was ended. */
  public long generation() {
    return generation.get();
  }

  private boolean hasEnded(Open open, Instant now) {
    return !now.isBefore(open.end) || !now.isBefore(open.used.plus(limits.idle()));
  }
}
