package dev.slipway.platform.identity;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.AccessToken;
import dev.slipway.core.identity.Account;
import dev.slipway.core.identity.PrincipalKind;
import dev.slipway.core.identity.Rights;
import dev.slipway.core.identity.Role;
import dev.slipway.core.identity.TokenSecret;
import dev.slipway.platform.identity.Tokens.TokenRequest;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.UnitOfWork;
import dev.slipway.store.files.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The account with which whoever runs the server administers it: a service account, which never
 * approves, whose token lies in a file that only its owner may read. The token is renewed at a
 * start when it is lost or about to expire; disabling the account ends that.
 */
public final class LocalAdministrator {
  /** Name of the account. */
  public static final String NAME = "local-admin";

  private static final Actor ACTOR = new Actor.Component("start");
  private static final String PURPOSE = "local administrator";
  private static final Duration RENEW_BEFORE = Duration.ofDays(30);

  private final ControlStore store;
  private final TokenTable table;
  private final Tokens tokens;
  private final Accounts accounts;
  private final IdentityLimits limits;
  private final InstantSource clock;

  public LocalAdministrator(
      ControlStore store,
      TokenTable table,
      Tokens tokens,
      Accounts accounts,
      IdentityLimits limits,
      InstantSource clock) {
    this.store = store;
    this.table = table;
    this.tokens = tokens;
    this.accounts = accounts;
    this.limits = limits;
    this.clock = clock;
  }

  /** Where the first invitation lies, beside the token. */
  public static Path invitationFile(Path tokenFile) {
    return tokenFile.resolveSibling("first.invitation");
  }

  /**
   * Makes the account at the first start, with an invitation for the first person, and sees to its
   * token.
   *
   * @param file where the token lies
   * @return whether an invitation was made
   * @throws SlipwayException STORE_UNAVAILABLE if a file cannot be read or written
   */
  public boolean prepare(Path file) {
    Instant now = clock.instant();
    String kept = read(file);
    Start start = store.commit(work -> start(work, kept, now));
    if (start.issued != null) {
      write(file, start.issued.secret());
    }
    if (start.invitation != null) {
      write(invitationFile(file), start.invitation.code());
    }
    table.reload(store, now);
    return start.invitation != null;
  }

  private static void write(Path file, TokenSecret secret) {
    try {
      PrivateFile.replace(file, secret.text() + "\n");
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.STORE_UNAVAILABLE, "cannot write %s: %s".formatted(file, e), e);
    }
  }

  private record Start(@Nullable IssuedToken issued, @Nullable IssuedInvitation invitation) {}

  private Start start(UnitOfWork work, String kept, Instant now) {
    Optional<Account> known = work.identity().account(NAME);
    IssuedInvitation invitation = known.isPresent() ? null : accounts.inviteFirst(work, now);
    Account account =
        known.isPresent()
            ? known.get()
            : accounts.create(work, ACTOR, NAME, PrincipalKind.SERVICE, Rights.of(Role.ADMIN), now);
    if (!account.enabled()) {
      return new Start(null, invitation);
    }
    String hash = TokenSecret.hash(kept);
    boolean good = false;
    for (AccessToken token : work.identity().tokens(NAME)) {
      if (token.hash().equals(hash) && token.isActive(now.plus(renewBefore()))) {
        good = true;
      } else if (token.purpose().equals(PURPOSE) && token.revokedAt() == null) {
        Tokens.revoke(work, ACTOR, token.id(), now);
      }
    }
    return new Start(
        good
            ? null
            : tokens.create(
                work,
                ACTOR,
                account,
                new TokenRequest(PURPOSE, null, limits.tokenLifetimeMax()),
                now),
        invitation);
  }

  private Duration renewBefore() {
    Duration half = limits.tokenLifetimeMax().dividedBy(2);
    return RENEW_BEFORE.compareTo(half) < 0 ? RENEW_BEFORE : half;
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file).strip() : "";
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.STORE_UNAVAILABLE, "cannot read %s: %s".formatted(file, e), e);
    }
  }
}
