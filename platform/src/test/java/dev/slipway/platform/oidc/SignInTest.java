package dev.slipway.platform.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.slipway.core.audit.encoding.Sha256;
import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Credential;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.identity.PrincipalKind;
import dev.slipway.core.identity.Rights;
import dev.slipway.core.identity.Role;
import dev.slipway.platform.ControlPlane;
import dev.slipway.platform.identity.Accounts;
import dev.slipway.platform.identity.IdentityLimits;
import dev.slipway.platform.identity.TokenTable;
import dev.slipway.platform.identity.Tokens;
import dev.slipway.platform.oidc.SignIn.Begun;
import dev.slipway.platform.oidc.SignIn.Return;
import dev.slipway.platform.oidc.SignIn.SignedIn;
import dev.slipway.platform.oidc.SignInSettings.Browser;
import dev.slipway.platform.session.SessionAuthenticator;
import dev.slipway.platform.session.SessionLimits;
import dev.slipway.platform.session.Sessions;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The code flow with a provider that answers over HTTP, on a real database. */
@Timeout(60)
class SignInTest {
  private static final Actor OPS = new Actor.ServiceAccount("ops");
  private static final String CLIENT = "slipway web";
  private static final URI PUBLIC = URI.create("https://models.example");
  private static final String FALLBACK = "/login/account";
  private static final Duration PAUSE = Duration.ofSeconds(10);

  @TempDir Path folder;
  private volatile Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final Sessions sessions = new Sessions(SessionLimits.DEFAULT, new SecureRandom());
  private ControlPlane plane;
  private TokenTable table;
  private Accounts accounts;
  private LocalProvider provider;
  private OidcSettings settings;
  private ProviderKeys keys;
  private SignIn signIn;

  @BeforeEach
  void start() throws IOException {
    plane = new ControlPlane(folder.resolve("data"), () -> now);
    table = new TokenTable();
    IdentityLimits limits = IdentityLimits.DEFAULT;
    Tokens tokens = new Tokens(plane.store, table, limits, new SecureRandom(), () -> now);
    accounts = new Accounts(plane.store, table, tokens, limits, new SecureRandom(), () -> now);
    accounts.create(OPS, "ana", PrincipalKind.PERSON, Rights.of(Role.VIEWER));
    provider = LocalProvider.start();
    settings =
        new OidcSettings(
            provider.issuer(),
            LocalProvider.AUDIENCE,
            "sub",
            ClaimedRoles.parse("groups", "ml=developer"),
            Duration.ofSeconds(30),
            new KeyPace(Duration.ofMinutes(5), Duration.ofHours(1), PAUSE));
    keys = new ProviderKeys(settings, () -> now);
    for (int i = 0; i < 10_000 && keys.trustedUntil() == null; i++) {
      LockSupport.parkNanos(2_000_000);
    }
    use(null, 100);
  }

  @AfterEach
  void stop() {
    signIn.close();
    keys.close();
    provider.close();
    plane.close();
  }

  private void use(@Nullable Path secretFile, int pendingMax) {
    signIn =
        new SignIn(
            settings,
            new Browser(CLIENT, secretFile, PUBLIC),
            List.of("openid", "profile"),
            keys,
            table,
            sessions,
            new SecureRandom(),
            () -> now,
            pendingMax,
            Duration.ofSeconds(2));
  }

  private static Map<String, String> query(URI address) {
    Map<String, String> query = new HashMap<>();
    for (String pair : address.getRawQuery().split("&", -1)) {
      String[] parts = pair.split("=", -1);
      query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return query;
  }

  private static String state(Begun begun) {
    return Objects.requireNonNull(query(begun.provider()).get("state"));
  }

  private static Return answer(Begun begun) {
    return new Return(state(begun), "a code", "", "");
  }

  /** Has the provider give an ID token that is good for this sign-in, but for what is changed. */
  private void giveIdToken(Begun begun, UnaryOperator<JWTClaimsSet.Builder> change) {
    JWTClaimsSet.Builder claims =
        provider
            .claims(now)
            .audience(CLIENT)
            .claim("nonce", query(begun.provider()).get("nonce"))
            .claim("groups", List.of("ml"));
    String token = LocalProvider.signed(change.apply(claims), LocalProvider.FIRST);
    provider.tokenAnswer =
        exchange ->
            LocalProvider.send(
                exchange,
                200,
                "{\"access_token\":\"x\",\"token_type\":\"Bearer\",\"id_token\":\"%s\"}"
                    .formatted(token));
  }

  private Begun begin() {
    return signIn.begin("/api/v1/whoami", FALLBACK);
  }

  private void assertRefused(Begun begun, String why) {
    assertRefused(answer(begun), begun.binding(), ErrorCode.UNAUTHENTICATED, why);
  }

  private void assertRefused(Return answer, String binding, ErrorCode code, String why) {
    assertThatThrownBy(() -> signIn.finish(answer, binding))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            e -> {
              assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
              assertThat(e).hasMessageContaining(why);
            });
    assertThat(sessions.count()).isZero();
  }

  @Test
  void aPersonGetsASessionWithTheRolesOfTheIdToken() {
    Begun begun = begin();
    Map<String, String> asked = query(begun.provider());
    assertThat(begun.provider().toString()).startsWith(provider.url("/authorize?ui=1&"));
    assertThat(asked)
        .containsEntry("response_type", "code")
        .containsEntry("client_id", CLIENT)
        .containsEntry("redirect_uri", "https://models.example/login/callback")
        .containsEntry("scope", "openid profile")
        .containsEntry("code_challenge_method", "S256");
    giveIdToken(begun, claims -> claims);

    SignedIn person = signIn.finish(answer(begun), begun.binding());

    assertThat(person.account()).isEqualTo("ana");
    assertThat(person.next()).isEqualTo(URI.create("https://models.example/api/v1/whoami"));
    Principal principal =
        new SessionAuthenticator(table, table, sessions)
            .authenticate(new Credential.Session(person.session().text()), now)
            .principal();
    assertThat(principal.name()).isEqualTo("ana");
    assertThat(principal.kind()).isEqualTo(PrincipalKind.PERSON);
    assertThat(principal.rights().roleLabels()).containsExactly("developer", "viewer");

    String form = provider.tokenRequests.getFirst();
    assertThat(form)
        .startsWith("null grant_type=authorization_code&code=a+code&")
        .contains("&client_id=slipway+web");
    String verifier = form.replaceAll(".*code_verifier=([^&]*).*", "$1");
    assertThat(
            Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                    Sha256.create().digest(verifier.getBytes(StandardCharsets.US_ASCII))))
        .isEqualTo(asked.get("code_challenge"));
  }

  @Test
  void whoIsDisabledIsOutOfTheirSessionAtOnce() {
    Begun begun = begin();
    giveIdToken(begun, claims -> claims);
    SignedIn person = signIn.finish(answer(begun), begun.binding());
    SessionAuthenticator authenticator = new SessionAuthenticator(table, table, sessions);
    long generation = authenticator.generation();

    accounts.enable(OPS, "ana", false);

    assertThat(authenticator.generation()).isNotEqualTo(generation);
    assertThatThrownBy(
            () -> authenticator.authenticate(new Credential.Session(person.session().text()), now))
        .hasMessageContaining("account 'ana': not accepted");
  }

  @Test
  void whatComesBackTwiceLateFromElsewhereOrWasNeverBegunIsRefused() {
    Begun begun = begin();
    giveIdToken(begun, claims -> claims);
    Begun other = begin();
    assertRefused(
        new Return("made-up", "a code", "", ""),
        begun.binding(),
        ErrorCode.UNAUTHENTICATED,
        "state: not known");
    assertRefused(
        answer(other), begun.binding(), ErrorCode.UNAUTHENTICATED, "state: of another browser");
    assertRefused(other, "state: not known");
    assertRefused(answer(begin()), "", ErrorCode.UNAUTHENTICATED, "state: of another browser");
    assertThat(provider.tokenRequests).as("no code was sent on").isEmpty();

    Begun late = begin();
    now = now.plus(SignIn.begunLifetime());
    assertRefused(late, "state: not known");

    Begun good = begin();
    giveIdToken(good, claims -> claims);
    String session = signIn.finish(answer(good), good.binding()).session().text();
    sessions.end(session);
    assertRefused(good, "state: not known");
    assertThat(provider.tokenRequests).hasSize(1);
  }

  @Test
  void anIdTokenOfAnotherSignInClientOrPersonIsRefused() {
    Map<String, UnaryOperator<JWTClaimsSet.Builder>> bad =
        Map.of(
            "nonce: of another sign-in", claims -> claims.claim("nonce", "another"),
            "aud: not this server", claims -> claims.audience(LocalProvider.AUDIENCE),
            "azp: not accepted", claims -> claims.audience(List.of(CLIENT, "other")),
            "iss: not accepted", claims -> claims.issuer("https://evil.example"),
            "exp: ", claims -> claims.expirationTime(java.util.Date.from(now.minusSeconds(60))),
            "account 'eva': not accepted", claims -> claims.subject("eva"));
    bad.forEach(
        (why, change) -> {
          Begun begun = begin();
          giveIdToken(begun, change);
          assertRefused(begun, why);
        });
    Begun without = begin();
    giveIdToken(without, claims -> claims.claim("nonce", 1));
    assertRefused(without, "nonce: of another sign-in");
    Begun foreignParty = begin();
    giveIdToken(foreignParty, claims -> claims.claim("azp", "other"));
    assertRefused(foreignParty, "azp: not accepted");
    Begun forged = begin();
    String token =
        LocalProvider.signed(
            provider
                .claims(now)
                .audience(CLIENT)
                .claim("nonce", query(forged.provider()).get("nonce")),
            LocalProvider.rsa("first"));
    provider.tokenAnswer =
        exchange -> LocalProvider.send(exchange, 200, "{\"id_token\":\"%s\"}".formatted(token));
    assertRefused(forged, "signature: not of that key");
  }

  @Test
  void whatTheProviderRefusesIsRefusedWithItsReason() {
    Begun denied = begin();
    assertRefused(
        new Return(state(denied), "", "", "access_denied"),
        denied.binding(),
        ErrorCode.UNAUTHENTICATED,
        "the provider says access_denied");
    Begun marked = begin();
    assertRefused(
        new Return(state(marked), "", "", "<script>\n"),
        marked.binding(),
        ErrorCode.UNAUTHENTICATED,
        "the provider says ?script??");
    Begun mixedUp = begin();
    assertRefused(
        new Return(state(mixedUp), "a code", "https://evil.example", ""),
        mixedUp.binding(),
        ErrorCode.UNAUTHENTICATED,
        "iss: not accepted");
    Begun empty = begin();
    assertRefused(
        new Return(state(empty), "", provider.issuer(), ""),
        empty.binding(),
        ErrorCode.UNAUTHENTICATED,
        "code: none");
    assertThat(provider.tokenRequests).isEmpty();

    assertRefused(begin(), "does not accept the code: invalid_grant");
    provider.tokenAnswer =
        exchange -> LocalProvider.send(exchange, 401, "{\"error\":\"invalid_client\"}");
    Begun unknown = begin();
    assertRefused(answer(unknown), unknown.binding(), ErrorCode.INTERNAL, "oidc-client-id");
    provider.tokenAnswer = exchange -> LocalProvider.send(exchange, 200, "<html>");
    Begun other = begin();
    assertRefused(answer(other), other.binding(), ErrorCode.UPSTREAM_FAILED, "cannot be asked now");
  }

  @Test
  void aSignInLeadsToNoOtherServer() {
    for (String elsewhere :
        List.of(
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/a\r\nSet-Cookie: x=y",
            "javascript:alert(1)",
            "evil.example",
            "/" + "a".repeat(1_000))) {
      assertThat(ReturnPath.of(elsewhere, FALLBACK)).as(elsewhere).isEqualTo(FALLBACK);
    }
    for (String here : List.of("/", "/v2", "/api/v1/whoami?a=b&c=%2F%2Fevil.example#d")) {
      assertThat(ReturnPath.of(here, FALLBACK)).isEqualTo(here);
    }
    Begun begun = signIn.begin("//evil.example", FALLBACK);
    giveIdToken(begun, claims -> claims);
    assertThat(signIn.finish(answer(begun), begun.binding()).next())
        .isEqualTo(URI.create("https://models.example/login/account"));
  }

  @Test
  void aProviderThatIsDownIsSaidToBeAndAskedOnceInAPause() {
    int before = provider.discoveryRequests.get();
    for (int i = 0; i < 20; i++) {
      begin();
    }
    assertThat(provider.discoveryRequests.get()).isEqualTo(before + 1);
    provider.discoveryAnswer = exchange -> LocalProvider.send(exchange, 503, "");
    now = now.plus(PAUSE);
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(this::begin)
          .isInstanceOfSatisfying(
              SlipwayException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.UPSTREAM_FAILED));
    }
    assertThat(provider.discoveryRequests.get()).isEqualTo(before + 2);

    now = now.plus(PAUSE);
    provider.discoveryAnswer =
        exchange ->
            LocalProvider.send(exchange, 200, provider.discovery(provider.issuer(), "/keys"));
    begin();
  }

  @Test
  void onlyTheNewestSignInsAreKept() {
    use(null, 2);
    Begun first = begin();
    Begun second = begin();
    Begun third = begin();
    giveIdToken(second, claims -> claims);
    assertRefused(first, "state: not known");
    assertThat(signIn.finish(answer(second), second.binding()).account()).isEqualTo("ana");
    giveIdToken(third, claims -> claims);
    assertThat(signIn.finish(answer(third), third.binding()).account()).isEqualTo("ana");
  }

  @Test
  void theSecretOfTheClientIsReadFromItsFileEachTime() throws IOException {
    Path file = Files.writeString(folder.resolve("secret"), "first: +\n");
    use(file, 100);
    Begun one = begin();
    giveIdToken(one, claims -> claims);
    signIn.finish(answer(one), one.binding());
    Files.writeString(file, "second");
    Begun two = begin();
    giveIdToken(two, claims -> claims);
    signIn.finish(answer(two), two.binding());

    assertThat(provider.tokenRequests.stream().map(SignInTest::basic))
        .containsExactly("slipway+web:first%3A+%2B", "slipway+web:second");
    assertThat(provider.tokenRequests).noneMatch(form -> form.contains("client_id"));

    Files.delete(file);
    assertThatThrownBy(() -> use(file, 100))
        .hasMessageContaining("oidc-client-secret-file: %s cannot be read".formatted(file));
  }

  private static String basic(String request) {
    String value = request.split(" ", -1)[1];
    return new String(Base64.getDecoder().decode(value), StandardCharsets.US_ASCII);
  }

  @Test
  void settingsThatCannotBeSafeAreRefused() {
    for (String url :
        List.of("http://models.example", "https://models.example/x", "ftp://x", "https:x")) {
      assertThatThrownBy(() -> new Browser("c", null, URI.create(url)))
          .hasMessageContaining("public-url: '%s'".formatted(url));
    }
    assertThatThrownBy(() -> new Browser(" ", null, PUBLIC)).hasMessageContaining("oidc-client-id");
    assertThatThrownBy(() -> new SignInSettings("", List.of("profile"), null))
        .hasMessageContaining("oidc-scopes: 'profile'");
    assertThat(Set.copyOf(SignInSettings.NONE.scopes())).containsExactly("openid");
  }
}
