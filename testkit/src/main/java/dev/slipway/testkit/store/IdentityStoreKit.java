package dev.slipway.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.AccessToken;
import dev.slipway.core.identity.Account;
import dev.slipway.core.identity.Invitation;
import dev.slipway.core.identity.PrincipalKind;
import dev.slipway.core.identity.Rights;
import dev.slipway.core.identity.Role;
import dev.slipway.core.identity.TokenSecret;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.IdentityView;
import dev.slipway.store.control.IdentityWork;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How every {@link ControlStore} must keep accounts, tokens and invitations. */
public abstract class IdentityStoreKit {
  private static final Instant NOW = Instant.parse("2026-11-25T05:00:00.123456Z");
  private static final Instant LATER = NOW.plus(Duration.ofDays(30));
  private static final byte[] SALT = HexFormat.of().parseHex("00ff".repeat(16));

  @TempDir Path folder;
  private ControlStore store;

  /** Opens the store that lives in {@code root}; called again after a close, the same one. */
  protected abstract ControlStore open(Path root);

  @BeforeEach
  void openStore() {
    store = open(folder);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private void change(Consumer<IdentityWork> work) {
    boolean done =
        store.commit(
            unit -> {
              work.accept(unit.identity());
              return true;
            });
    assertThat(done).isTrue();
  }

  private <T> T read(Function<IdentityView, T> reading) {
    return store.read(view -> reading.apply(view.identity()));
  }

  private List<Account> accounts(String after, int count) {
    return read(identity -> identity.accounts(after, count));
  }

  private Optional<Account> find(String name) {
    return read(identity -> identity.account(name));
  }

  private List<AccessToken> tokens(String account) {
    return read(identity -> identity.tokens(account));
  }

  private Optional<AccessToken> findToken(String id) {
    return read(identity -> identity.token(id));
  }

  private List<AccessToken> active(Instant now) {
    return read(identity -> identity.activeTokens(now));
  }

  private Optional<Invitation> invitation(String hash) {
    return read(identity -> identity.invitation(hash));
  }

  private static Account account(String name, PrincipalKind kind) {
    Rights rights = Rights.parse(List.of("developer", "viewer"), List.of("infer:deployment/fraud"));
    return new Account(name, kind, rights, SALT, NOW, true);
  }

  private static AccessToken token(String account, int number, @Nullable Rights scope) {
    String hash = TokenSecret.hash(account + number);
    return new AccessToken(
        AccessToken.idOf(hash),
        account,
        hash,
        "it's for CI; number " + number,
        scope,
        NOW.plusSeconds(number),
        LATER,
        null);
  }

  @Test
  void anAccountComesBackWithEveryDetailAfterAReopen() {
    Account written = account("ana", PrincipalKind.PERSON);
    change(work -> work.addAccount(written));
    store.close();
    store = open(folder);

    Account read = find("ana").orElseThrow();

    assertThat(read).usingRecursiveComparison().isEqualTo(written);
    assertThat(read.actor()).isNotNull();
    assertThat(find("ben")).isEmpty();
  }

  @Test
  void aNameIsTakenOnce() {
    change(work -> work.addAccount(account("ana", PrincipalKind.PERSON)));

    assertRefused(
        ErrorCode.ALREADY_EXISTS, work -> work.addAccount(account("ana", PrincipalKind.SERVICE)));
  }

  @Test
  void rightsAndBeingEnabledChangeAndNothingElseDoes() {
    Account ana = account("ana", PrincipalKind.PERSON);
    change(work -> work.addAccount(ana));

    change(work -> work.changeAccount(ana.withRights(Rights.of(Role.AUDITOR)).withEnabled(false)));

    Account read = find("ana").orElseThrow();
    assertThat(read.rights()).isEqualTo(Rights.of(Role.AUDITOR));
    assertThat(read.enabled()).isFalse();
    assertThat(read.salt()).isEqualTo(ana.salt());
    assertRefused(
        ErrorCode.NOT_FOUND, work -> work.changeAccount(account("ben", PrincipalKind.PERSON)));
  }

  @Test
  void accountsAreListedInPages() {
    for (String name : List.of("c", "a", "b")) {
      change(work -> work.addAccount(account(name, PrincipalKind.SERVICE)));
    }

    assertThat(accounts("", 2)).extracting(Account::name).containsExactly("a", "b");
    assertThat(accounts("b", 2)).extracting(Account::name).containsExactly("c");
  }

  @Test
  void tokensComeBackWithAndWithoutAScope() {
    AccessToken whole = token("ci", 1, null);
    AccessToken scoped = token("ci", 2, Rights.parse(List.of(), List.of("infer:deployment/fraud")));
    AccessToken nothing = token("ci", 3, Rights.NONE);
    change(
        work -> {
          work.addAccount(account("ci", PrincipalKind.SERVICE));
          work.addToken(whole);
          work.addToken(scoped);
          work.addToken(nothing);
        });

    assertThat(tokens("ci")).containsExactly(nothing, scoped, whole);
    assertThat(findToken(scoped.id())).contains(scoped);
    assertRefused(ErrorCode.NOT_FOUND, work -> work.addToken(token("nobody", 1, null)));
  }

  @Test
  void onlyTokensThatAreAcceptedAreActive() {
    AccessToken good = token("ci", 1, null);
    AccessToken revoked = token("ci", 2, null);
    AccessToken ofDisabled = token("off", 1, null);
    change(
        work -> {
          work.addAccount(account("ci", PrincipalKind.SERVICE));
          work.addAccount(account("off", PrincipalKind.SERVICE).withEnabled(false));
          work.addToken(good);
          work.addToken(revoked);
          work.addToken(ofDisabled);
          assertThat(work.revokeToken(revoked.id(), NOW)).isTrue();
          assertThat(work.revokeToken(revoked.id(), LATER)).as("again").isFalse();
        });

    assertThat(active(NOW)).containsExactly(good);
    assertThat(active(LATER)).isEmpty();
    assertThat(findToken(revoked.id())).contains(revoked.revoked(NOW));
  }

  @Test
  void anInvitationIsUsedOnce() {
    Invitation first = new Invitation(TokenSecret.hash("1"), null, LATER, null);
    Invitation forAna = new Invitation(TokenSecret.hash("2"), "ana", LATER, null);
    change(
        work -> {
          work.addAccount(account("ana", PrincipalKind.PERSON));
          work.addInvitation(first);
          work.addInvitation(forAna);
        });

    assertThat(invitation(first.hash())).contains(first);
    change(work -> assertThat(work.useInvitation(forAna.hash(), NOW)).isTrue());
    change(work -> assertThat(work.useInvitation(forAna.hash(), NOW)).isFalse());
    assertThat(invitation(forAna.hash()).orElseThrow().usedAt()).isEqualTo(NOW);
    change(work -> assertThat(work.useInvitation(TokenSecret.hash("3"), NOW)).isFalse());
  }

  private void assertRefused(ErrorCode code, Consumer<IdentityWork> work) {
    assertThatThrownBy(() -> change(work))
        .isInstanceOfSatisfying(SlipwayException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
