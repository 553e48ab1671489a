package dev.slipway.platform.identity;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.AccessToken;
import dev.slipway.core.identity.Account;
import dev.slipway.core.identity.Authenticator;
import dev.slipway.core.identity.Credential;
import dev.slipway.core.identity.Credential.Basic;
import dev.slipway.core.identity.Credential.Bearer;
import dev.slipway.core.identity.Credential.Certificate;
import dev.slipway.core.identity.Credential.Session;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.identity.PrincipalKind;
import dev.slipway.core.identity.TokenSecret;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.IdentityView;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Every token that is accepted and every account, in memory, so that no request waits for the
 * database and serving goes on without it. The table is replaced as a whole after each change; a
 * revoked token is refused as soon as the revocation is answered. Thread-safe.
 *
 * <p>A token is looked up by its SHA-256. How long that takes tells an attacker nothing: whoever
 * tries texts cannot choose the hashes they have.
 */
public final class TokenTable implements Authenticator {
  private static final int PAGE = 1_000;

  private final CertificateNames certificateNames;
  private volatile Table table = new Table(Map.of(), Map.of(), 0);

  private record Holder(Principal principal, Instant expiresAt) {}

  private record Table(
      Map<String, Holder> byHash, Map<String, Account> accounts, long generation) {}

  /** Knows client certificates by their DNS names alone. */
  public TokenTable() {
    this(CertificateNames.UNMAPPED);
  }

  public TokenTable(CertificateNames certificateNames) {
    this.certificateNames = certificateNames;
  }

  @Override
  public Authenticated authenticate(Credential credential, Instant now) {
    return switch (credential) {
      case Bearer(String token) -> holder(token, null, now);
      case Basic(String user, String token) -> holder(token, user, now);
      case Certificate certificate -> holder(certificate, now);
      case Session session ->
          throw new SlipwayException(
              ErrorCode.UNAUTHENTICATED, "session: not accepted (expected: a token)");
    };
  }

  /** A machine's credential: it is a service and never a person, who could approve. */
  private Authenticated holder(Certificate certificate, Instant now) {
    if (!now.isBefore(certificate.notAfter())) {
      throw new SlipwayException(
          ErrorCode.UNAUTHENTICATED,
          "certificate: ended at %s (expected: later than now)".formatted(certificate.notAfter()));
    }
    Account account = requireVouchedFor(certificateNames.account(certificate));
    if (account.kind() != PrincipalKind.SERVICE) {
      throw new SlipwayException(
          ErrorCode.UNAUTHENTICATED,
          "certificate: account '%s' is a person's (expected: a service)"
              .formatted(account.name()));
    }
    return new Authenticated(
        new Principal(account.name(), account.kind(), account.actor(), account.rights(), null),
        certificate.notAfter());
  }

  private Authenticated holder(String token, @Nullable String account, Instant now) {
    Holder holder = table.byHash.get(TokenSecret.hash(token));
    if (holder == null
        || !now.isBefore(holder.expiresAt)
        || (account != null && !account.equals(holder.principal.name()))) {
      throw new SlipwayException(
          ErrorCode.UNAUTHENTICATED,
          "token: not accepted (expected: one of this server that has neither expired nor been"
              + " revoked); to mend it: slipway token create");
    }
    return new Authenticated(holder.principal, holder.expiresAt);
  }

  @Override
  public long generation() {
    return table.generation;
  }

  /**
   * The account of a name that somebody else vouches for, such as an OpenID provider. The local
   * administrator is nobody else's to name.
   *
   * @throws SlipwayException UNAUTHENTICATED if there is no such account, or it is disabled
   */
  public Account requireVouchedFor(String name) {
    Account account = table.accounts.get(name);
    if (account == null || !account.enabled() || name.equals(LocalAdministrator.NAME)) {
      throw new SlipwayException(
          ErrorCode.UNAUTHENTICATED,
          "account '%s': not accepted (expected: one that is there and enabled); to mend it:"
                  .formatted(name)
              + " slipway user create "
              + name);
    }
    return account;
  }

  /** Reads all again, after a change was committed. */
  synchronized void reload(ControlStore store, Instant now) {
    table =
        store.read(
            view -> {
              Map<String, Account> accounts = accounts(view.identity());
              return new Table(
                  holders(view.identity(), accounts, now), accounts, table.generation + 1);
            });
  }

  private static Map<String, Account> accounts(IdentityView view) {
    Map<String, Account> accounts = new HashMap<>();
    List<Account> page = view.accounts("", PAGE);
    while (!page.isEmpty()) {
      page.forEach(account -> accounts.put(account.name(), account));
      page = view.accounts(page.getLast().name(), PAGE);
    }
    return accounts;
  }

  private static Map<String, Holder> holders(
      IdentityView view, Map<String, Account> accounts, Instant now) {
    Map<String, Holder> byHash = new HashMap<>();
    for (AccessToken token : view.activeTokens(now)) {
      Account account = Objects.requireNonNull(accounts.get(token.account()));
      byHash.put(
          token.hash(),
          new Holder(
              new Principal(
                  account.name(), account.kind(), account.actor(), account.rights(), token.scope()),
              token.expiresAt()));
    }
    return byHash;
  }
}
