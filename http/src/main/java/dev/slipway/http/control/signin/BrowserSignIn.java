package dev.slipway.http.control.signin;

import dev.slipway.core.error.ErrorClass;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Action;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.identity.Resource;
import dev.slipway.http.control.ControlHandler;
import dev.slipway.http.control.ControlRequest;
import dev.slipway.http.control.ControlResponse;
import dev.slipway.http.control.Mount;
import dev.slipway.http.identity.SessionCookie;
import dev.slipway.platform.oidc.SignIn;
import dev.slipway.platform.oidc.SignIn.Begun;
import dev.slipway.platform.oidc.SignIn.Return;
import dev.slipway.platform.oidc.SignIn.SignedIn;
import dev.slipway.platform.session.Sessions;
import io.prometheus.metrics.model.registry.MultiCollector;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pages by which people come in and go: {@code /login} sends the browser to the provider,
 * {@code /login/callback} takes it back, {@code /login/account} shows who it is, and {@code
 * /logout} ends the session. Each sign-in and its outcome is a line of the server's log, which
 * names the account and never a secret. Thread-safe.
 */
public final class BrowserSignIn implements ControlHandler {
  private static final Logger LOG = LoggerFactory.getLogger(BrowserSignIn.class);
  private static final long REFUSAL_LOG_NANOS = 100_000_000L;
  private static final String LOGIN = "/login";
  private static final String CALLBACK = "/login/callback";
  private static final String ACCOUNT = "/login/account";
  private static final String LOGOUT = "/logout";
  private static final String AGAIN = "<p><a href=\"/login\">Sign in</a></p>";

  private final SignIn signIn;
  private final Sessions sessions;
  private final SessionCookie session;
  private final SessionCookie underWay;
  private final Duration lifetime;
  private final SignInCounts counts;
  private final AtomicLong lastRefusalNanos =
      new AtomicLong(System.nanoTime() - REFUSAL_LOG_NANOS - 1);

  /**
   * @param publicUrl where browsers reach this server
   * @param lifetime of the longest session
   */
  public BrowserSignIn(SignIn signIn, Sessions sessions, URI publicUrl, Duration lifetime) {
    this.signIn = signIn;
    this.sessions = sessions;
    this.session = SessionCookie.ofSession(publicUrl);
    this.underWay = SessionCookie.ofSignIn(publicUrl);
    this.lifetime = lifetime;
    this.counts = new SignInCounts(sessions);
  }

  /** Everywhere that this answers. */
  public List<Mount> mounts() {
    return Stream.of(LOGIN, CALLBACK, ACCOUNT, LOGOUT).map(path -> new Mount(path, this)).toList();
  }

  @Override
  public List<MultiCollector> collectors() {
    return List.of(counts);
  }

  @Override
  public ControlResponse handle(ControlRequest request) {
    try {
      request.caller().require(Action.SIGN_IN, Resource.SERVER);
      return route(request);
    } catch (SlipwayException e) {
      return failed(request, e);
    } catch (RuntimeException e) {
      return failed(request, new SlipwayException(ErrorCode.INTERNAL, e.toString(), e));
    }
  }

  @Override
  public ControlResponse refusal(ErrorCode code, String message, String requestId) {
    return Page.of(
        code.httpStatus(),
        "Not done",
        "<p>%s</p><p>Request %s</p>".formatted(Page.escaped(message), Page.escaped(requestId)));
  }

  private ControlResponse route(ControlRequest request) {
    String wanted = request.path().equals(LOGOUT) ? "POST" : "GET";
    if (!request.method().equals(wanted)) {
      throw new SlipwayException(
          ErrorCode.METHOD_NOT_ALLOWED,
          "%s: %s (expected: %s)".formatted(request.path(), request.method(), wanted));
    }
    return switch (request.path()) {
      case LOGIN -> begin(request);
      case CALLBACK -> finish(request);
      case ACCOUNT -> account(request.caller().principal());
      case LOGOUT -> end(request);
      default -> throw new SlipwayException(ErrorCode.NOT_FOUND, request.path() + ": no page");
    };
  }

  private ControlResponse begin(ControlRequest request) {
    Begun begun = signIn.begin(request.query().getOrDefault("return", ""), ACCOUNT);
    return Page.redirect(
        begun.provider().toString(), underWay.kept(begun.binding(), SignIn.begunLifetime()));
  }

  private ControlResponse finish(ControlRequest request) {
    Return answer =
        new Return(
            request.query().getOrDefault("state", ""),
            request.query().getOrDefault("code", ""),
            request.query().getOrDefault("iss", ""),
            request.query().getOrDefault("error", ""));
    SignedIn person = signIn.finish(answer, secret(request, underWay));
    counts.accepted.increment();
    LOG.info("sign-in: {} came in ({})", person.account(), request.requestId());
    // Whoever was here before, in this browser, is not any more.
    sessions.end(secret(request, session));
    return Page.redirect(person.next().toString(), session.kept(person.session().text(), lifetime));
  }

  private ControlResponse end(ControlRequest request) {
    sessions
        .end(secret(request, session))
        .ifPresent(account -> LOG.info("sign-in: {} went ({})", account, request.requestId()));
    return Page.with(
        Page.of(
            200,
            "Signed out",
            "<p>The session here has ended. The one at the provider may go on.</p>" + AGAIN),
        session.forgotten());
  }

  private static ControlResponse account(Principal who) {
    return switch (who.kind()) {
      case PERSON, SERVICE ->
          Page.of(
              200,
              "Signed in",
              """
              <p>You are <b>%s</b>, with the roles: %s.</p>
              <form method="post" action="/logout"><button>Sign out</button></form>\
              """
                  .formatted(
                      Page.escaped(who.name()),
                      Page.escaped(String.join(", ", who.rights().roleLabels()))));
      case LOCAL, ANONYMOUS ->
          Page.of(200, "Not signed in", "<p>Nobody has signed in here.</p>" + AGAIN);
    };
  }

  /** Empty if the browser shows none. */
  private static String secret(ControlRequest request, SessionCookie cookie) {
    String found = cookie.find(request.headers().getOrDefault("cookie", ""));
    return found == null ? "" : found;
  }

  /** Anybody can have a sign-in refused, so a flood of them is counted and not written. */
  private boolean mayLogRefusal() {
    long nowNanos = System.nanoTime();
    long last = lastRefusalNanos.get();
    return nowNanos - last > REFUSAL_LOG_NANOS && lastRefusalNanos.compareAndSet(last, nowNanos);
  }

  private ControlResponse failed(ControlRequest request, SlipwayException failure) {
    ErrorCode code = failure.code();
    boolean internal = code.errorClass() == ErrorClass.INTERNAL;
    if (internal || code.errorClass() == ErrorClass.DEPENDENCY) {
      LOG.error("sign-in: failed ({})", request.requestId(), failure);
      counts.failed.increment();
    } else {
      if (mayLogRefusal()) {
        LOG.info("sign-in: refused: {} ({})", failure.getMessage(), request.requestId());
      }
      counts.refused.increment();
    }
    String why = internal ? "The server failed; its log has the reason." : failure.getMessage();
    return Page.of(
        code.httpStatus(),
        "Not signed in",
        "<p>%s</p>%s<p>Request %s</p>"
            .formatted(Page.escaped(why), AGAIN, Page.escaped(request.requestId())));
  }
}
