package dev.slipway.platform.identity;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Account;
import dev.slipway.core.identity.AccountName;
import dev.slipway.core.identity.Invitation;
import dev.slipway.core.identity.PrincipalKind;
import dev.slipway.core.identity.Rights;
import dev.slipway.core.identity.Role;
import dev.slipway.core.identity.TokenSecret;
import dev.slipway.platform.identity.Tokens.TokenRequest;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.control.UnitOfWork;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Makes and changes accounts. A person comes in by an invitation, which gives them their first
 * token; nobody else ever sees a token of theirs. Thread-safe; every method blocks.
 */
public final class Accounts {
  /** Life of the token that an invitation gives. */
  private static final Duration FIRST_TOKEN = Duration.ofDays(90);

  private final ControlStore store;
  private final TokenTable table;
  private final Tokens tokens;
  private final IdentityLimits limits;
  private final NewSecrets secrets;
  private final InstantSource clock;

  public Accounts(
      ControlStore store,
      TokenTable table,
      Tokens tokens,
      IdentityLimits limits,
      SecureRandom random,
      InstantSource clock) {
    this.store = store;
    this.table = table;
    this.tokens = tokens;
    this.limits = limits;
    this.secrets = new NewSecrets(random);
    this.clock = clock;
  }

  /**
   * @param kind PERSON or SERVICE
   * @throws SlipwayException BAD_REQUEST if the name is none, ALREADY_EXISTS if it is taken
   */
  public Account create(Actor actor, String name, PrincipalKind kind, Rights rights) {
    AccountName.require(name);
    Instant now = clock.instant();
    Account account = store.commit(work -> create(work, actor, name, kind, rights, now));
    table.reload(store, now);
    return account;
  }

  Account create(
      UnitOfWork work, Actor actor, String name, PrincipalKind kind, Rights rights, Instant now) {
    Account account = new Account(name, kind, rights, secrets.salt(), now, true);
    work.identity().addAccount(account);
    work.append(IdentityEntries.of(actor, IdentityEntries.ACCOUNT_CREATED, null, account, now));
    return account;
  }

  /**
   * Gives an account rights beside those it has. All its tokens have them at once, as far as their
   * scopes go.
   *
   * @throws SlipwayException NOT_FOUND
   */
  public Account allow(Actor actor, String name, Rights more) {
    return change(actor, name, account -> account.withRights(account.rights().with(more)));
  }

  /**
   * Takes rights away; those it does not have are passed over.
   *
   * @throws SlipwayException NOT_FOUND
   */
  public Account deny(Actor actor, String name, Rights less) {
    return change(actor, name, account -> account.withRights(account.rights().without(less)));
  }

  /**
   * Lets an account in, or keeps it out with all its tokens.
   *
   * @throws SlipwayException NOT_FOUND
   */
  public Account enable(Actor actor, String name, boolean enabled) {
    return change(actor, name, account -> account.withEnabled(enabled));
  }

  private Account change(Actor actor, String name, UnaryOperator<Account> change) {
    Instant now = clock.instant();
    Account after =
        store.commit(
            work -> {
              Account before = require(work, name);
              Account changed = change.apply(before);
              boolean same =
                  changed.rights().equals(before.rights()) && changed.enabled() == before.enabled();
              if (!same) {
                work.identity().changeAccount(changed);
                work.append(
                    IdentityEntries.of(
                        actor, IdentityEntries.ACCOUNT_CHANGED, before, changed, now));
              }
              return changed;
            });
    table.reload(store, now);
    return after;
  }

  /**
   * @throws SlipwayException NOT_FOUND
   */
  public Account account(String name) {
    return store.read(view -> require(view, name));
  }

  /** In the order of their names, at most {@code count}, beginning after {@code after}. */
  public List<Account> accounts(String after, int count) {
    return store.read(view -> view.identity().accounts(after, count));
  }

  /**
   * Invites a person to their account, once more if they have lost their tokens.
   *
   * @throws SlipwayException NOT_FOUND if there is no such account, BAD_REQUEST if it is no
   *     person's
   */
  public IssuedInvitation invite(Actor actor, String name) {
    Instant now = clock.instant();
    return store.commit(
        work -> {
          Account account = require(work, name);
          if (account.kind() != PrincipalKind.PERSON) {
            throw new SlipwayException(
                ErrorCode.BAD_REQUEST,
                "account '%s' is a service (expected: a person); to mend it: slipway token create"
                        .formatted(name)
                    + " --account "
                    + name);
          }
          IssuedInvitation issued = newInvitation(now);
          work.identity()
              .addInvitation(new Invitation(issued.code().hash(), name, issued.expiresAt(), null));
          work.append(
              IdentityEntries.of(actor, IdentityEntries.ACCOUNT_INVITED, account, account, now));
          return issued;
        });
  }

  /** Invites whoever gets the code to make an administrator's account. */
  IssuedInvitation inviteFirst(UnitOfWork work, Instant now) {
    IssuedInvitation issued = newInvitation(now);
    work.identity()
        .addInvitation(new Invitation(issued.code().hash(), null, issued.expiresAt(), null));
    return issued;
  }

  private IssuedInvitation newInvitation(Instant now) {
    return new IssuedInvitation(
        secrets.next(TokenSecret.INVITATION), now.plus(limits.invitationLifetime()));
  }

  /**
   * Uses an invitation up, and gives its holder their first token.
   *
   * @param name the account; only the first invitation lets its holder choose it
   * @throws SlipwayException UNAUTHENTICATED if the code is not known, was used, has expired, or is
   *     another account's; ALREADY_EXISTS if the first invitation's holder chooses a name that is
   *     taken
   */
  public IssuedToken redeem(String code, String name) {
    AccountName.require(name);
    Instant now = clock.instant();
    String hash = TokenSecret.hash(code);
    // Guesses never reach the one writer.
    store.read(view -> open(view, hash, name, now));
    IssuedToken issued =
        store.commit(
            work -> {
              Invitation invitation = open(work, hash, name, now);
              if (!work.identity().useInvitation(hash, now)) {
                throw notInvited();
              }
              Account account =
                  invitation.account() == null
                      ? create(
                          work,
                          new Actor.Component("first-invitation"),
                          name,
                          PrincipalKind.PERSON,
                          Rights.of(Role.ADMIN),
                          now)
                      : require(work, name);
              work.append(
                  IdentityEntries.of(
                      account.actor(), IdentityEntries.INVITATION_REDEEMED, account, account, now));
              return tokens.create(
                  work,
                  account.actor(),
                  account,
                  new TokenRequest("first token, by invitation", null, lifetime()),
                  now);
            });
    table.reload(store, now);
    return issued;
  }

  private static Invitation open(ControlView view, String hash, String name, Instant now) {
    return view.identity()
        .invitation(hash)
        .filter(known -> known.isOpen(now))
        .filter(known -> known.account() == null || name.equals(known.account()))
        .orElseThrow(Accounts::notInvited);
  }

  private Duration lifetime() {
    return FIRST_TOKEN.compareTo(limits.tokenLifetimeMax()) < 0
        ? FIRST_TOKEN
        : limits.tokenLifetimeMax();
  }

  private static SlipwayException notInvited() {
    return new SlipwayException(
        ErrorCode.UNAUTHENTICATED,
        "invitation: not accepted (expected: a code for this account that has neither expired nor"
            + " been used); to mend it: slipway user invite NAME");
  }

  static Account require(ControlView view, String name) {
    return view.identity()
        .account(name)
        .orElseThrow(
            () ->
                new SlipwayException(
                    ErrorCode.NOT_FOUND, "account '%s' is not known".formatted(name)));
  }
}
