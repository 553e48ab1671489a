package dev.slipway.platform.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.impl.BaseJWSProvider;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Authenticator.Authenticated;
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
import dev.slipway.platform.identity.Tokens.TokenRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tokens of a provider that answers over HTTP, on a real database. */
@Timeout(60)
class OidcAuthenticatorTest {
  private static final Actor OPS = new Actor.ServiceAccount("ops");
  private static final Duration ANSWER_MAX = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration SKEW = Duration.ofSeconds(30);

  @TempDir Path folder;
  private volatile Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private ControlPlane plane;
  private TokenTable table;
  private Tokens tokens;
  private Accounts accounts;
  private LocalProvider provider;
  private ProviderKeys keys;
  private OidcAuthenticator authenticator;

  @BeforeEach
  void start() throws IOException {
    plane = new ControlPlane(folder.resolve("data"), () -> now);
    table = new TokenTable();
    IdentityLimits limits = IdentityLimits.DEFAULT;
    tokens = new Tokens(plane.store, table, limits, new SecureRandom(), () -> now);
    accounts = new Accounts(plane.store, table, tokens, limits, new SecureRandom(), () -> now);
    accounts.create(OPS, "ana", PrincipalKind.PERSON, Rights.of(Role.VIEWER));
    provider = LocalProvider.start();
    use(settings("sub", Duration.ofHours(1)));
    await("the keys are there", () -> keys.trustedUntil() != null);
  }

  @AfterEach
  void stop() {
    keys.close();
    provider.close();
    plane.close();
  }

  private OidcSettings settings(String nameClaim, Duration stale) {
    return new OidcSettings(
        provider.issuer(),
        LocalProvider.AUDIENCE,
        nameClaim,
        ClaimedRoles.parse("realm_access.roles", "ml-engineers=developer,ml-leads=approver"),
        SKEW,
        new KeyPace(Duration.ofSeconds(10), stale, PAUSE));
  }

  private void use(OidcSettings settings) {
    if (keys != null) {
      keys.close();
    }
    keys = new ProviderKeys(settings, ANSWER_MAX, () -> now);
    authenticator = new OidcAuthenticator(settings, table, keys);
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within twenty seconds: " + what);
      }
      LockSupport.parkNanos(2_000_000);
    }
  }

  private Authenticated authenticate(String token) {
    return authenticator.authenticate(new Credential.Bearer(token), now);
  }

  private boolean accepts(String token) {
    try {
      authenticate(token);
      return true;
    } catch (SlipwayException e) {
      return false;
    }
  }

  private void assertRefused(String token, String why) {
    assertRefused(token, ErrorCode.UNAUTHENTICATED, why);
  }

  private void assertRefused(String token, ErrorCode code, String why) {
    assertThatThrownBy(() -> authenticate(token))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            e -> {
              assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
              assertThat(e).hasMessageContaining(why).hasMessageNotContaining(token);
            });
  }

  private JWTClaimsSet.Builder claims() {
    return provider.claims(now);
  }

  private static String signed(JWTClaimsSet.Builder claims) {
    return LocalProvider.signed(claims, LocalProvider.FIRST);
  }

  @Test
  void aTokenIsItsAccountWithTheRolesItBringsUntilItExpires() {
    String token =
        signed(
            claims()
                .claim("realm_access", Map.of("roles", List.of("ml-engineers", "other", "admin"))));

    Authenticated ana = authenticate(token);

    assertThat(ana.principal().name()).isEqualTo("ana");
    assertThat(ana.principal().kind()).isEqualTo(PrincipalKind.PERSON);
    assertThat(ana.principal().rights()).isEqualTo(Rights.of(Role.VIEWER, Role.DEVELOPER));
    assertThat(ana.principal().actor()).isEqualTo(accounts.account("ana").actor());
    assertThat(ana.validUntil()).isEqualTo(now.plusSeconds(300));
    assertThat(authenticate(provider.token(now)).principal().rights())
        .as("without the claim")
        .isEqualTo(Rights.of(Role.VIEWER));
  }

  @Test
  void aServiceIsAnAccountOfThatKind() {
    accounts.create(OPS, "shop", PrincipalKind.SERVICE, Rights.of(Role.VIEWER));

    Principal shop = authenticate(signed(claims().subject("shop"))).principal();

    assertThat(shop.kind()).isEqualTo(PrincipalKind.SERVICE);
    assertThat(shop.actor()).isEqualTo(new Actor.ServiceAccount("shop"));
  }

  @Test
  void everyAlgorithmOfTheListIsAccepted() throws Exception {
    RSAKey rsa = LocalProvider.FIRST;
    ECKey curve = new ECKeyGenerator(Curve.P_256).keyID("curve").generate();
    KeyPair edwards = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] encoded = edwards.getPublic().getEncoded();
    OctetKeyPair published =
        new OctetKeyPair.Builder(
                Curve.Ed25519, Base64URL.encode(Arrays.copyOfRange(encoded, 12, 44)))
            .keyID("edwards")
            .build();
    provider.keys = List.of(rsa, curve, published);
    rotate("edwards");

    RSASSASigner rsaSigner = new RSASSASigner(rsa);
    for (String token :
        List.of(
            LocalProvider.signed(claims(), JWSAlgorithm.RS256, "first", rsaSigner),
            LocalProvider.signed(claims(), JWSAlgorithm.PS256, "first", rsaSigner),
            LocalProvider.signed(claims(), JWSAlgorithm.ES256, "curve", new ECDSASigner(curve)),
            LocalProvider.signed(
                claims(), JWSAlgorithm.EdDSA, "edwards", new EdwardsSigner(edwards)))) {
      assertThat(authenticate(token).principal().name()).isEqualTo("ana");
      assertRefused(tampered(token), "signature: not of that key");
    }
    assertRefused(
        LocalProvider.signed(claims(), JWSAlgorithm.RS256, "curve", rsaSigner), "signature");
    assertRefused(
        LocalProvider.signed(claims(), JWSAlgorithm.RS512, "first", rsaSigner), "alg: not");
  }

  /** Another signature of the same length. */
  private static String tampered(String token) {
    int at = token.length() - 20;
    return token.substring(0, at) + (token.charAt(at) == 'A' ? 'B' : 'A') + token.substring(at + 1);
  }

  private static final class EdwardsSigner extends BaseJWSProvider implements JWSSigner {
    private final KeyPair pair;

    EdwardsSigner(KeyPair pair) {
      super(Set.of(JWSAlgorithm.EdDSA));
      this.pair = pair;
    }

    @Override
    public Base64URL sign(JWSHeader header, byte[] input) {
      try {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(input);
        return Base64URL.encode(signature.sign());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void algNoneIsRefused() {
    assertRefused(new PlainJWT(claims().build()).serialize(), "not a signed JWT");
    String[] parts = provider.token(now).split("\\.");
    String none =
        Base64URL.encode("{\"alg\":\"none\",\"kid\":\"first\"}").toString() + "." + parts[1];
    assertRefused(none + "." + parts[2], "not a signed JWT");
    assertRefused(none + ".", "not a signed JWT");
  }

  @Test
  void aMacUnderThePublicKeyIsRefused() throws Exception {
    for (byte[] secret :
        List.of(
            LocalProvider.FIRST.toRSAPublicKey().getEncoded(),
            LocalProvider.FIRST.toPublicJWK().toString().getBytes(StandardCharsets.UTF_8))) {
      String token =
          LocalProvider.signed(claims(), JWSAlgorithm.HS256, "first", new MACSigner(secret));
      assertRefused(token, "alg: not accepted");
    }
  }

  @Test
  void aKeyThatTheTokenBringsAlongIsNotUsed() throws Exception {
    RSAKey mine = LocalProvider.rsa("first");
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID("first")
                .jwk(mine.toPublicJWK())
                .jwkURL(java.net.URI.create(provider.url("/elsewhere")))
                .build(),
            claims().build());
    jwt.sign(new RSASSASigner(mine));
    assertRefused(jwt.serialize(), "signature: not of that key");
  }

  @Test
  void whoeverItIsNotForOrFromIsRefused() {
    assertRefused(signed(claims().audience("another")), "aud: not this server");
    assertRefused(signed(claims().audience((String) null)), "aud: not this server");
    assertThat(accepts(signed(claims().audience(List.of("another", LocalProvider.AUDIENCE)))))
        .isTrue();
    assertRefused(signed(claims().issuer(provider.issuer() + "/")), "iss: not accepted");
    assertRefused(signed(claims().issuer("https://evil.example")), "iss: not accepted");
    assertRefused(signed(claims().issuer(null)), "iss: not accepted");
  }

  @Test
  void timesHoldWithinTheSkewAndNoLonger() {
    String token = provider.token(now);
    Instant expiry = now.plusSeconds(300);
    now = expiry.plus(SKEW).minusMillis(1);
    assertThat(accepts(token)).isTrue();
    now = expiry.plus(SKEW);
    assertRefused(token, "exp: ");

    Date beyond = Date.from(now.plus(SKEW).plusSeconds(1));
    assertRefused(signed(claims().notBeforeTime(beyond)), "nbf: ");
    assertRefused(signed(claims().issueTime(beyond)), "iat: ");
    assertThat(accepts(signed(claims().notBeforeTime(Date.from(now.plus(SKEW)))))).isTrue();
  }

  @Test
  void aTokenWithoutAnEndOrASubjectIsRefused() {
    assertRefused(signed(claims().expirationTime(null)), "exp: none");
    assertRefused(signed(claims().subject(null)), "sub: none");
    assertRefused(signed(claims().claim("exp", "tomorrow")), "not a signed JWT");
  }

  @Test
  void onlyAccountsThatAreThereAndEnabledComeIn() {
    accounts.create(OPS, "local-admin", PrincipalKind.SERVICE, Rights.of(Role.ADMIN));
    for (String name : List.of("ben", "local-admin", "local", "Ana", "anonymous", "a b")) {
      assertRefused(signed(claims().subject(name)), "account");
    }
    String token = provider.token(now);
    long before = authenticator.generation();
    accounts.enable(OPS, "ana", false);
    assertThat(authenticator.generation()).as("open connections ask again").isGreaterThan(before);
    assertRefused(token, "account 'ana': not accepted");
    accounts.enable(OPS, "ana", true);
    assertThat(accepts(token)).isTrue();
  }

  @Test
  void anAddressCountsOnlyIfTheProviderVerifiedIt() {
    accounts.create(OPS, "ana@example.com", PrincipalKind.PERSON, Rights.NONE);
    use(settings("email", Duration.ofHours(1)));
    await("the keys are there", () -> keys.trustedUntil() != null);

    JWTClaimsSet.Builder claims = claims().claim("email", "ana@example.com");
    assertRefused(signed(claims), "email: not verified");
    assertRefused(signed(claims.claim("email_verified", "true")), "email: not verified");
    assertThat(authenticate(signed(claims.claim("email_verified", true))).principal().name())
        .isEqualTo("ana@example.com");
    assertRefused(
        signed(claims().claim("email_verified", true).claim("email", List.of("ana@example.com"))),
        "email: none");
  }

  @Test
  void tokensOfThisServerGoOnWithoutTheProvider() {
    provider.close();
    accounts.create(OPS, "shop", PrincipalKind.SERVICE, Rights.NONE);
    Principal by = new Principal("ops", PrincipalKind.SERVICE, OPS, Rights.of(Role.ADMIN), null);
    String own =
        tokens
            .create(by, "shop", new TokenRequest("test", null, Duration.ofDays(1)))
            .secret()
            .text();

    assertThat(authenticate(own).principal().name()).isEqualTo("shop");
    assertRefused("slp_no.such.token", "token: not accepted");
    assertRefused("a.b.c", "not a signed JWT");
    assertRefused("..", "not a signed JWT");
  }

  /** Shows the provider a key it must fetch, and waits until it is known. */
  private void rotate(String id) {
    assertThat(keys.key(id)).isNull();
    keys.ask();
    await("the key is there", () -> keys.key(id) != null);
  }

  @Test
  void aRotatedKeyIsFetchedOnceItIsUsedAndTheOldOneIsForgotten() {
    String old = provider.token(now);
    assertThat(accepts(old)).isTrue();
    long before = authenticator.generation();
    provider.keys = List.of(LocalProvider.SECOND);
    String rotated = LocalProvider.signed(claims(), LocalProvider.SECOND);

    assertRefused(rotated, "kid: not known; the issuer is asked for new keys, so ask again");
    await("the new key is fetched", () -> accepts(rotated));
    assertRefused(old, "kid: not known");
    assertThat(authenticator.generation()).as("open connections ask again").isGreaterThan(before);
  }

  @Test
  void aFloodOfUnknownKeysAsksTheProviderOnceInAPause() {
    int before = provider.keyRequests.get();
    long start = System.nanoTime();
    RSAKey unknown = LocalProvider.rsa("unknown");
    String token = LocalProvider.signed(claims(), unknown);
    while (provider.keyRequests.get() < before + 3) {
      assertRefused(token, "kid: not known");
      assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(20).toNanos());
    }
    // Three questions are two whole pauses apart, however many tokens there were.
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(2 * PAUSE.toNanos());
  }

  @Test
  void aDeadProviderIsForgivenForAsLongAsTheSettingSays() throws IOException {
    use(settings("sub", Duration.ofSeconds(50)));
    await("the keys are there", () -> keys.trustedUntil() != null);
    int port = provider.port();
    provider.close();
    Instant fetched = now;

    now = fetched.plusSeconds(59);
    Authenticated ana = authenticate(provider.token(now));
    assertThat(ana.validUntil()).as("not longer than the keys").isEqualTo(fetched.plusSeconds(60));
    now = fetched.plusSeconds(60);
    assertRefused(provider.token(now), ErrorCode.NOT_READY, "has shown its keys too long ago");

    String issuer = provider.issuer();
    provider = LocalProvider.start(port);
    assertThat(provider.issuer()).isEqualTo(issuer);
    await("it answers again", () -> accepts(provider.token(now)));
  }

  @Test
  void noKeysAreTakenFromAnAnswerThatIsHugeSlowLedElsewhereOrNotTheIssuers() {
    String huge = "{\"keys\":[" + " ".repeat(ProviderHttp.ANSWER_BYTES_MAX) + "]}";
    LocalProvider.Answer good = provider.discoveryAnswer;
    Map<String, Runnable> cases =
        Map.of(
            "a huge answer",
            () -> provider.keysAnswer = exchange -> LocalProvider.send(exchange, 200, huge),
            "an answer without an end",
            () ->
                provider.keysAnswer =
                    exchange -> {
                      exchange.sendResponseHeaders(200, 1_000);
                      exchange.getResponseBody().write('{');
                      exchange.getResponseBody().flush();
                    },
            "a redirect of the keys",
            () ->
                provider.keysAnswer =
                    exchange -> {
                      exchange.getResponseHeaders().add("Location", provider.url("/keys"));
                      LocalProvider.send(exchange, 302, "");
                    },
            "a redirect of the discovery",
            () ->
                provider.discoveryAnswer =
                    exchange -> {
                      exchange.getResponseHeaders().add("Location", provider.url("/elsewhere"));
                      LocalProvider.send(exchange, 301, "");
                    },
            "another issuer",
            () ->
                provider.discoveryAnswer =
                    exchange ->
                        LocalProvider.send(
                            exchange, 200, provider.discovery("https://evil.example", "/keys")),
            "keys that are none",
            () -> provider.keysAnswer = exchange -> LocalProvider.send(exchange, 200, "<html>"));
    LocalProvider.Answer goodKeys = provider.keysAnswer;
    try (ProviderHttp http = new ProviderHttp(Duration.ofMillis(500))) {
      KeySource source = new KeySource(settings("sub", Duration.ZERO), http);
      for (Map.Entry<String, Runnable> bad : cases.entrySet()) {
        provider.discoveryAnswer = good;
        provider.keysAnswer = goodKeys;
        bad.getValue().run();
        assertThatThrownBy(source::fetch).as(bad.getKey()).isInstanceOf(IOException.class);
      }
    }
    provider.discoveryAnswer = good;
    provider.keysAnswer = goodKeys;
    try (ProviderHttp http = new ProviderHttp(ANSWER_MAX)) {
      KeySource source = new KeySource(settings("sub", Duration.ZERO), http);
      assertThat(source.fetch()).containsOnlyKeys("first");
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
