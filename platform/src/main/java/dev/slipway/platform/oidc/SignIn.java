package dev.slipway.platform.oidc;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.slipway.core.audit.encoding.Sha256;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Account;
import dev.slipway.core.identity.TokenSecret;
import dev.slipway.platform.identity.TokenTable;
import dev.slipway.platform.oidc.PendingSignIns.Pending;
import dev.slipway.platform.oidc.SignInSettings.Browser;
import dev.slipway.platform.session.Sessions;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Lets people in whom a provider vouches for, by the authorization code flow with PKCE (OpenID
 * Connect Core 1.0 section 3.1, RFC 7636). {@link #begin} sends a browser to the provider, and when
 * it comes back {@link #finish} exchanges the code and opens a session. Thread-safe; both block.
 *
 * <p>What comes back is believed only if it was begun here, by the same browser, not long ago and
 * not yet used; and the ID token only as {@link TokenVerifier} does, for this client and this one
 * sign-in. The roles that it brings stay with the session.
 */
public final class SignIn implements AutoCloseable {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
  private static final int PENDING_MAX = 10_000;
  private static final int RANDOM_BYTES = 32;

  private final OidcSettings settings;
  private final Browser browser;
  private final List<String> scopes;
  private final ProviderHttp http;
  private final DiscoveryCache discovery;
  private final CodeExchange exchange;
  private final TokenVerifier verifier;
  private final AccountClaims claims;
  private final Sessions sessions;
  private final PendingSignIns pending;
  private final SecureRandom random;
  private final InstantSource clock;

  /**
   * @param scopes that are asked for
   * @param accounts knows the accounts of this server
   * @param sessions where they are opened
   * @throws SlipwayException CONFIGURATION_INVALID if the client's secret cannot be read
   */
  public SignIn(
      OidcSettings settings,
      Browser browser,
      List<String> scopes,
      ProviderKeys keys,
      TokenTable accounts,
      Sessions sessions,
      SecureRandom random,
      InstantSource clock) {
    this(
        settings,
        browser,
        scopes,
        keys,
        accounts,
        sessions,
        random,
        clock,
        PENDING_MAX,
        ANSWER_MAX);
  }

  SignIn(
      OidcSettings settings,
      Browser browser,
      List<String> scopes,
      ProviderKeys keys,
      TokenTable accounts,
      Sessions sessions,
      SecureRandom random,
      InstantSource clock,
      int pendingMax,
      Duration answerMax) {
    this.settings = settings;
    this.browser = browser;
    this.scopes = List.copyOf(scopes);
    this.http = new ProviderHttp(answerMax);
    this.discovery = new DiscoveryCache(settings, http, clock);
    this.exchange = new CodeExchange(browser, http);
    this.verifier = new TokenVerifier(settings, browser.client(), keys);
    this.claims = new AccountClaims(settings, accounts);
    this.sessions = sessions;
    this.pending = new PendingSignIns(pendingMax);
    this.random = random;
    this.clock = clock;
    exchange.requireSecret();
  }

  /**
   * A sign-in that has begun.
   *
   * @param provider where the browser goes
   * @param binding what it keeps until it comes back, for at most {@link #begunLifetime}
   */
  public record Begun(URI provider, String binding) {}

  /** How long somebody may take at the provider. */
  public static Duration begunLifetime() {
    return PendingSignIns.LIFETIME;
  }

  /**
   * What the provider sends a browser back with, RFC 6749 section 4.1.2 and RFC 9207; empty where
   * it is missing.
   */
  public record Return(String state, String code, String issuer, String error) {}

  /**
   * A person who has signed in.
   *
   * @param session the secret of their session
   * @param next where the browser goes, on this server
   */
  public record SignedIn(String account, TokenSecret session, URI next) {}

  /**
   * @param returnPath where the browser goes in the end; what might lead to another server is not
   *     followed
   * @param fallback where it goes then
   * @throws SlipwayException UPSTREAM_FAILED if the provider does not answer
   */
  public Begun begin(String returnPath, String fallback) {
    URI authorization = ask(() -> discovery.get().endpoint("authorization_endpoint"));
    Instant now = clock.instant();
    String state = secret();
    String nonce = secret();
    String codeVerifier = secret();
    String binding = secret();
    pending.add(
        state,
        new Pending(
            nonce,
            codeVerifier,
            ReturnPath.of(returnPath, fallback),
            TokenSecret.hash(binding),
            now.plus(PendingSignIns.LIFETIME)),
        now);
    Map<String, String> query = new LinkedHashMap<>();
    query.put("response_type", "code");
    query.put("client_id", browser.client());
    query.put("redirect_uri", browser.callback().toString());
    query.put("scope", String.join(" ", scopes));
    query.put("state", state);
    query.put("nonce", nonce);
    query.put("code_challenge", challenge(codeVerifier));
    query.put("code_challenge_method", "S256");
    String separator = authorization.getRawQuery() == null ? "?" : "&";
    return new Begun(URI.create(authorization + separator + ProviderHttp.encoded(query)), binding);
  }

  /**
   * @param binding what {@link #begin} gave the browser; empty if it has none
   * @throws SlipwayException UNAUTHENTICATED if it is not accepted; UPSTREAM_FAILED if the provider
   *     does not answer; NOT_READY if its keys are not known
   */
  public SignedIn finish(Return answer, String binding) {
    Instant now = clock.instant();
    Pending begun =
        pending
            .take(answer.state(), now)
            .orElseThrow(
                () -> refused("state: not known (expected: of a sign-in that is under way)"));
    if (!isEqual(begun.bindingHash(), TokenSecret.hash(binding))) {
      throw refused("state: of another browser, or of an earlier sign-in of this one");
    }
    if (!answer.issuer().isEmpty() && !answer.issuer().equals(settings.issuer())) {
      throw refused("iss: not accepted (expected: %s)".formatted(settings.issuer()));
    }
    if (!answer.error().isEmpty()) {
      throw refused("the provider says " + CodeExchange.plain(answer.error()));
    }
    if (answer.code().isEmpty()) {
      throw refused("code: none (expected: one of the provider)");
    }
    String idToken =
        ask(
            () ->
                exchange.idToken(
                    discovery.get().endpoint("token_endpoint"), answer.code(), begun.verifier()));
    JWTClaimsSet token = verifier.verify(idToken, clock.instant()).claims();
    requireThisSignIn(token, begun);
    Account account = claims.account(token);
    return new SignedIn(
        account.name(),
        sessions.open(account.name(), claims.roles(token), clock.instant()),
        URI.create(browser.publicUrl() + begun.returnPath()));
  }

  private void requireThisSignIn(JWTClaimsSet token, Pending begun) {
    if (!(token.getClaim("nonce") instanceof String nonce) || !isEqual(nonce, begun.nonce())) {
      throw refused("nonce: of another sign-in");
    }
    Object party = token.getClaim("azp");
    if ((party != null || token.getAudience().size() > 1) && !browser.client().equals(party)) {
      throw refused("azp: not accepted (expected: %s)".formatted(browser.client()));
    }
  }

  /** Asks the provider for something. */
  private interface Question<T> {
    T answer() throws IOException, InterruptedException;
  }

  private <T> T ask(Question<T> question) {
    try {
      return question.answer();
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.UPSTREAM_FAILED,
          "sign-in: the provider %s cannot be asked now; try again a little later"
              .formatted(settings.issuer()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(ErrorCode.CANCELLED, "interrupted", e);
    }
  }

  private String secret() {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    return base64(bytes);
  }

  private static String challenge(String codeVerifier) {
    return base64(Sha256.create().digest(codeVerifier.getBytes(StandardCharsets.US_ASCII)));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Takes as long whatever differs. */
  private static boolean isEqual(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8),
        Objects.requireNonNull(other).getBytes(StandardCharsets.UTF_8));
  }

  private static SlipwayException refused(String why) {
    return new SlipwayException(ErrorCode.UNAUTHENTICATED, "sign-in: " + why);
  }

  @Override
  public void close() {
    http.close();
  }
}
