package dev.slipway.platform.identity;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.AccessToken;
import dev.slipway.core.identity.Account;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.identity.PrincipalKind;
import dev.slipway.core.identity.Rights;
import dev.slipway.core.identity.TokenSecret;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.IdentityWork;
import dev.slipway.store.control.UnitOfWork;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes, lists and revokes tokens. Thread-safe; every method blocks. */
public final class Tokens {
  private static final int PURPOSE_CHARACTERS_MAX = 200;

  private final ControlStore store;
  private final TokenTable table;
  private final IdentityLimits limits;
  private final NewSecrets secrets;
  private final InstantSource clock;

  public Tokens(
      ControlStore store,
      TokenTable table,
      IdentityLimits limits,
      SecureRandom random,
      InstantSource clock) {
    this.store = store;
    this.table = table;
    this.limits = limits;
    this.secrets = new NewSecrets(random);
    this.clock = clock;
    table.reload(store, clock.instant());
  }

  /**
   * What a token is to be.
   *
   * @param purpose what it is for, at most 200 characters
   * @param scope what it is narrowed to; null for all that its account may
   * @param lifetime how long it is accepted
   */
  public record TokenRequest(String purpose, @Nullable Rights scope, Duration lifetime) {}

  /**
   * Makes a token of an account. A person's tokens are made by that person alone, so that nobody
   * can act under their name.
   *
   * @throws SlipwayException NOT_FOUND if there is no such account; PERMISSION_DENIED if it is
   *     another person's; BAD_REQUEST if the purpose or the lifetime is out of range; CONFLICT if
   *     the account is disabled or there are too many tokens
   */
  public IssuedToken create(Principal by, String account, TokenRequest request) {
    Instant now = clock.instant();
    IssuedToken issued =
        store.commit(
            work -> {
              Account of = Accounts.require(work, account);
              if (of.kind() == PrincipalKind.PERSON && !by.name().equals(account)) {
                throw new SlipwayException(
                    ErrorCode.PERMISSION_DENIED,
                    "only %s makes tokens for %s; to mend it: slipway user invite %s"
                        .formatted(account, account, account));
              }
              return create(work, by.actor(), of, request, now);
            });
    table.reload(store, now);
    return issued;
  }

  /** As part of another change, after which the table has to be reloaded. */
  IssuedToken create(
      UnitOfWork work, Actor actor, Account account, TokenRequest request, Instant now) {
    requireSane(request);
    if (!account.enabled()) {
      throw new SlipwayException(
          ErrorCode.CONFLICT,
          "account '%s' is disabled; to mend it: slipway user enable %s"
              .formatted(account.name(), account.name()));
    }
    IdentityWork identity = work.identity();
    if (identity.activeTokens(now).size() >= limits.tokensMax()) {
      throw new SlipwayException(
          ErrorCode.CONFLICT,
          "tokens: %d are accepted (expected: at most that many); revoke some"
              .formatted(limits.tokensMax()));
    }
    TokenSecret secret = secrets.next(TokenSecret.TOKEN);
    AccessToken token =
        new AccessToken(
            AccessToken.idOf(secret.hash()),
            account.name(),
            secret.hash(),
            request.purpose(),
            request.scope(),
            now,
            now.plus(request.lifetime()),
            null);
    identity.addToken(token);
    work.append(IdentityEntries.tokenCreated(actor, account, token, now));
    return new IssuedToken(token, secret);
  }

  private void requireSane(TokenRequest request) {
    if (request.purpose().length() > PURPOSE_CHARACTERS_MAX
        || request.purpose().chars().anyMatch(Character::isISOControl)) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "purpose: %d characters (expected: at most %d, none of them a control character)"
              .formatted(request.purpose().length(), PURPOSE_CHARACTERS_MAX));
    }
    if (!request.lifetime().isPositive()
        || request.lifetime().compareTo(limits.tokenLifetimeMax()) > 0) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "lifetime: %d seconds (expected: 1..%d)"
              .formatted(request.lifetime().toSeconds(), limits.tokenLifetimeMax().toSeconds()));
    }
  }

  /**
   * Tokens of an account, the newest first.
   *
   * @throws SlipwayException NOT_FOUND
   */
  public List<AccessToken> tokens(String account) {
    return store.read(
        view -> {
          Accounts.require(view, account);
          return view.identity().tokens(account);
        });
  }

  /**
   * @throws SlipwayException NOT_FOUND
   */
  public AccessToken token(String id) {
    return store.read(
        view ->
            view.identity()
                .token(id)
                .orElseThrow(
                    () ->
                        new SlipwayException(
                            ErrorCode.NOT_FOUND, "token '%s' is not known".formatted(id))));
  }

  /**
   * Revokes a token; it is refused from when this returns. Revoking it again changes nothing.
   *
   * @throws SlipwayException NOT_FOUND
   */
  public AccessToken revoke(Actor actor, String id) {
    token(id);
    Instant now = clock.instant();
    store.commit(work -> revoke(work, actor, id, now));
    table.reload(store, now);
    return token(id);
  }

  /** As part of another change, after which the table has to be reloaded. */
  static boolean revoke(UnitOfWork work, Actor actor, String id, Instant now) {
    boolean revoked = work.identity().revokeToken(id, now);
    if (revoked) {
      AccessToken token = work.identity().token(id).orElseThrow();
      Account account = Accounts.require(work, token.account());
      work.append(IdentityEntries.tokenRevoked(actor, account, token, now));
    }
    return revoked;
  }
}
