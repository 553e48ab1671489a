package dev.slipway.platform.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.AccessToken;
import dev.slipway.core.identity.Account;
import dev.slipway.core.identity.Credential;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.identity.PrincipalKind;
import dev.slipway.core.identity.Rights;
import dev.slipway.core.identity.Role;
import dev.slipway.core.identity.TokenSecret;
import dev.slipway.platform.ControlPlane;
import dev.slipway.platform.identity.Tokens.TokenRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Accounts and tokens on a real database and log. */
class IdentityTest {
  private static final IdentityLimits LIMITS =
      new IdentityLimits(20, Duration.ofDays(100), Duration.ofHours(24));
  private static final Actor OPS = new Actor.ServiceAccount("ops");
  private static final Rights CALLS_FRAUD =
      Rights.parse(List.of(), List.of("infer:deployment/fraud"));

  @TempDir Path folder;
  private Instant now = Instant.parse("2026-11-25T10:00:00Z");
  private ControlPlane plane;
  private TokenTable table;
  private Tokens tokens;
  private Accounts accounts;

  @BeforeEach
  void start() {
    plane = new ControlPlane(folder.resolve("data"), () -> now);
    table = new TokenTable();
    tokens = new Tokens(plane.store, table, LIMITS, new SecureRandom(), () -> now);
    accounts = new Accounts(plane.store, table, tokens, LIMITS, new SecureRandom(), () -> now);
  }

  @AfterEach
  void stop() {
    plane.close();
  }

  private void restart() {
    plane.close();
    start();
  }

  private Principal holder(String token) {
    return table.authenticate(new Credential.Bearer(token), now).principal();
  }

  private static Principal administrator() {
    return new Principal("ops", PrincipalKind.SERVICE, OPS, Rights.of(Role.ADMIN), null);
  }

  private String token(String account, TokenRequest request) {
    return tokens.create(administrator(), account, request).secret().text();
  }

  private static TokenRequest plain() {
    return new TokenRequest("test", null, Duration.ofDays(30));
  }

  /** What the log says, entry by entry. */
  private List<String> log() {
    return plane.store.read(view -> view.auditLeaves(0, view.auditSize())).stream()
        .map(leaf -> new String(leaf, StandardCharsets.UTF_8))
        .toList();
  }

  @Test
  void aTokenHasTheRightsOfItsAccountAndIsFoundAfterARestart() {
    accounts.create(OPS, "shop", PrincipalKind.SERVICE, CALLS_FRAUD);
    String token = token("shop", plain());

    assertThat(token).matches("slp_[A-Za-z0-9_-]{43}");
    assertThat(holder(token).name()).isEqualTo("shop");
    assertThat(holder(token).rights()).isEqualTo(CALLS_FRAUD);
    assertThat(holder(token).actor()).isEqualTo(new Actor.ServiceAccount("shop"));

    restart();
    assertThat(holder(token).name()).isEqualTo("shop");
  }

  @Test
  void aTokenIsThePasswordOfItsOwnAccountOnly() {
    accounts.create(OPS, "shop", PrincipalKind.SERVICE, CALLS_FRAUD);
    String token = token("shop", plain());

    assertThat(table.authenticate(new Credential.Basic("shop", token), now).principal().name())
        .isEqualTo("shop");
    refused(
        ErrorCode.UNAUTHENTICATED,
        () -> table.authenticate(new Credential.Basic("other", token), now));
  }

  @Test
  void theSecretIsNowhereInTheDataFolder() throws IOException {
    accounts.create(OPS, "shop", PrincipalKind.SERVICE, CALLS_FRAUD);
    String token = token("shop", plain());
    restart();

    List<Path> with = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
            .contains(token.substring(4))) {
          with.add(file);
        }
      }
    }
    assertThat(with).isEmpty();
  }

  @Test
  void aRevokedTokenIsRefusedAtOnceAndTheNextOneIsNot() {
    accounts.create(OPS, "shop", PrincipalKind.SERVICE, CALLS_FRAUD);
    String first = token("shop", plain());
    String second = token("shop", plain());
    long generation = table.generation();

    tokens.revoke(OPS, AccessToken.idOf(TokenSecret.hash(first)));

    refused(ErrorCode.UNAUTHENTICATED, () -> holder(first));
    assertThat(holder(second).name()).isEqualTo("shop");
    assertThat(table.generation()).isNotEqualTo(generation);
    restart();
    refused(ErrorCode.UNAUTHENTICATED, () -> holder(first));
  }

  @Test
  void aTokenEndsWithItsTimeAndWithItsAccount() {
    accounts.create(OPS, "shop", PrincipalKind.SERVICE, CALLS_FRAUD);
    String token = token("shop", plain());

    accounts.enable(OPS, "shop", false);
    refused(ErrorCode.UNAUTHENTICATED, () -> holder(token));
    refused(ErrorCode.CONFLICT, () -> token("shop", plain()));
    accounts.enable(OPS, "shop", true);
    assertThat(holder(token).name()).isEqualTo("shop");

    now = now.plus(Duration.ofDays(30));
    refused(ErrorCode.UNAUTHENTICATED, () -> holder(token));
  }

  @Test
  void rightsThatChangeHoldForTokensThatAreOut() {
    accounts.create(OPS, "shop", PrincipalKind.SERVICE, Rights.NONE);
    String token = token("shop", plain());

    accounts.allow(OPS, "shop", CALLS_FRAUD);
    assertThat(holder(token).rights()).isEqualTo(CALLS_FRAUD);
    accounts.deny(OPS, "shop", CALLS_FRAUD);
    assertThat(holder(token).rights()).isEqualTo(Rights.NONE);
  }

  @Test
  void nobodyMakesTokensForAnotherPerson() {
    accounts.create(OPS, "ana", PrincipalKind.PERSON, Rights.of(Role.APPROVER));

    refused(ErrorCode.PERMISSION_DENIED, () -> token("ana", plain()));
  }

  @Test
  void anInvitationGivesItsPersonOneTokenOnce() {
    accounts.create(OPS, "ana", PrincipalKind.PERSON, Rights.of(Role.APPROVER));
    String code = accounts.invite(OPS, "ana").code().text();

    refused(ErrorCode.UNAUTHENTICATED, () -> accounts.redeem(code, "ben"));
    refused(ErrorCode.UNAUTHENTICATED, () -> accounts.redeem(code + "x", "ana"));
    String token = accounts.redeem(code, "ana").secret().text();
    assertThat(holder(token).kind()).isEqualTo(PrincipalKind.PERSON);
    refused(ErrorCode.UNAUTHENTICATED, () -> accounts.redeem(code, "ana"));

    String late = accounts.invite(OPS, "ana").code().text();
    now = now.plus(Duration.ofHours(24));
    refused(ErrorCode.UNAUTHENTICATED, () -> accounts.redeem(late, "ana"));
  }

  @Test
  void whatIsOutOfRangeIsRefused() {
    accounts.create(OPS, "shop", PrincipalKind.SERVICE, Rights.NONE);

    for (Duration lifetime : List.of(Duration.ZERO, Duration.ofDays(101), Duration.ofDays(-1))) {
      refused(ErrorCode.BAD_REQUEST, () -> token("shop", new TokenRequest("", null, lifetime)));
    }
    refused(
        ErrorCode.BAD_REQUEST,
        () -> token("shop", new TokenRequest("a\nb", null, Duration.ofDays(1))));
    refused(ErrorCode.NOT_FOUND, () -> token("nobody", plain()));
    for (String name : List.of("", "Ana", "local", "anonymous", "a b", "../x", "a".repeat(200))) {
      refused(
          ErrorCode.BAD_REQUEST,
          () -> accounts.create(OPS, name, PrincipalKind.PERSON, Rights.NONE));
    }
    for (int i = 0; i < LIMITS.tokensMax(); i++) {
      token("shop", plain());
    }
    refused(ErrorCode.CONFLICT, () -> token("shop", plain()));
  }

  @Test
  void everyChangeIsInTheLogWithItsActorAndNoNameOfAPerson() {
    accounts.create(OPS, "ana@example.com", PrincipalKind.PERSON, Rights.of(Role.ADMIN));
    String code = accounts.invite(OPS, "ana@example.com").code().text();
    accounts.redeem(code, "ana@example.com");
    accounts.create(OPS, "shop", PrincipalKind.SERVICE, Rights.NONE);
    accounts.allow(OPS, "shop", CALLS_FRAUD);
    accounts.allow(OPS, "shop", CALLS_FRAUD);
    token("shop", plain());
    tokens.revoke(OPS, tokens.tokens("shop").getFirst().id());
    tokens.revoke(OPS, tokens.tokens("shop").getFirst().id());

    List<String> log = log();
    assertThat(log.stream().map(leaf -> leaf.replaceAll(".*\"action\":\"([^\"]*)\".*", "$1")))
        .as("what changes nothing is no entry")
        .containsExactly(
            "account.created",
            "account.invited",
            "invitation.redeemed",
            "token.created",
            "account.created",
            "account.changed",
            "token.created",
            "token.revoked");
    assertThat(log).noneMatch(leaf -> leaf.contains("ana@example"));
    assertThat(log.getLast()).contains("\"ops\"");
    assertThat(log.get(2)).contains("commitment");
  }

  @Test
  void theFirstStartLeavesATokenAndAnInvitationForItsUserAlone() throws IOException {
    Path file = folder.resolve("data/admin.token");

    assertThat(local().prepare(file)).isTrue();

    for (Path secret : List.of(file, LocalAdministrator.invitationFile(file))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
          .isEqualTo("rw-------");
    }
    String token = Files.readString(file).strip();
    assertThat(holder(token).rights()).isEqualTo(Rights.of(Role.ADMIN));
    assertThat(holder(token).kind()).isEqualTo(PrincipalKind.SERVICE);

    restart();
    assertThat(local().prepare(file)).as("again").isFalse();
    assertThat(Files.readString(file).strip()).isEqualTo(token);

    String code = Files.readString(LocalAdministrator.invitationFile(file)).strip();
    String first = accounts.redeem(code, "ana").secret().text();
    Account ana = accounts.account("ana");
    assertThat(ana.kind()).isEqualTo(PrincipalKind.PERSON);
    assertThat(holder(first).rights()).isEqualTo(Rights.of(Role.ADMIN));
    refused(ErrorCode.UNAUTHENTICATED, () -> accounts.redeem(code, "ben"));
  }

  @Test
  void aLostOrOldTokenOfTheAdministratorIsReplacedAndRevoked() throws IOException {
    Path file = folder.resolve("data/admin.token");
    local().prepare(file);
    String first = Files.readString(file).strip();

    Files.delete(file);
    local().prepare(file);
    String second = Files.readString(file).strip();
    assertThat(second).isNotEqualTo(first);
    refused(ErrorCode.UNAUTHENTICATED, () -> holder(first));

    now = now.plus(Duration.ofDays(75));
    local().prepare(file);
    assertThat(Files.readString(file).strip()).isNotEqualTo(second);
    refused(ErrorCode.UNAUTHENTICATED, () -> holder(second));

    accounts.enable(OPS, LocalAdministrator.NAME, false);
    Files.delete(file);
    local().prepare(file);
    assertThat(file).as("of a disabled account").doesNotExist();
  }

  private LocalAdministrator local() {
    return new LocalAdministrator(plane.store, table, tokens, accounts, LIMITS, () -> now);
  }

  private static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(SlipwayException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
