package dev.slipway.platform.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.identity.PrincipalKind;
import dev.slipway.core.identity.Rights;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.control.SqliteControlStore;
import dev.slipway.store.control.UnitOfWork;
import dev.slipway.store.webhook.WebhookTable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages over real connections to servers of the test, which the allowed places name. */
class WebhookDeliveryTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final WebhookLimits LIMITS =
      new WebhookLimits(
          Duration.ofSeconds(2),
          Duration.ofMillis(20),
          Duration.ofMillis(1),
          Duration.ofMillis(20),
          3,
          4);
  private static final Principal ADMINISTRATOR =
      new Principal("ops", PrincipalKind.PERSON, new Actor.Component("test"), Rights.NONE, null);

  @TempDir Path folder;
  private final List<HttpExchange> seen = new CopyOnWriteArrayList<>();
  private final List<byte[]> bodies = new CopyOnWriteArrayList<>();
  private final AtomicInteger resolved = new AtomicInteger();
  private final List<Integer> statuses = new CopyOnWriteArrayList<>();
  private ControlStore store;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    store = new SqliteControlStore(folder.resolve("control.db"), InstantSource.system());
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    store.close();
  }

  /** Answers the given statuses in turn, then 204; what it says otherwise nobody may repeat. */
  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      bodies.add(exchange.getRequestBody().readAllBytes());
      seen.add(exchange);
      int status = statuses.isEmpty() ? 204 : statuses.removeFirst();
      if (status == 302) {
        exchange.getResponseHeaders().set("location", "/elsewhere");
      }
      byte[] body = status == 204 ? new byte[0] : "a secret of the inside".getBytes(UTF_8);
      exchange.sendResponseHeaders(status, status == 204 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Test
  void whatIsAskedForArrivesInOrderAndSigned() throws Exception {
    append("promotion.requested", "0");
    Webhooks.Created hook = create("promotion.*");
    append("promotion.requested", "1");
    append("model.registered", "x");
    append("policy.activated", "2");
    append("promotion.approved", "1");

    try (WebhookDelivery _ = deliver(store)) {
      await(() -> seen.size() == 2 && isTold(hook));
    }

    assertThat(types()).containsExactly("promotion.requested", "promotion.approved");
    JsonNode event = JSON.readTree(bodies.getLast());
    assertThat(event.path("specversion").textValue()).isEqualTo("1.0");
    assertThat(event.path("id").textValue()).isEqualTo("log.example/5");
    assertThat(event.path("source").textValue()).isEqualTo("/slipway/log.example");
    assertThat(event.path("subject").textValue()).isEqualTo("promotion/1");
    assertThat(Instant.parse(event.path("time").textValue())).isBefore(Instant.now());
    assertThat(event.at("/data/index").intValue()).isEqualTo(5);
    byte[] leaf = store.read(view -> view.auditLeaves(5, 6)).getFirst();
    assertThat(event.at("/data/entry")).isEqualTo(JSON.readTree(leaf));

    HttpExchange message = seen.getLast();
    assertThat(message.getRequestMethod()).isEqualTo("POST");
    assertThat(header(message, "content-type")).startsWith("application/cloudevents+json");
    assertThat(header(message, "webhook-id")).isEqualTo("log.example/5");
    Mac mac = Mac.getInstance("HmacSHA256");
    byte[] key = Base64.getDecoder().decode(hook.secret().substring("whsec_".length()));
    assertThat(key).hasSize(32);
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    String signed = "log.example/5." + header(message, "webhook-timestamp") + ".";
    mac.update(signed.getBytes(UTF_8));
    assertThat(header(message, "webhook-signature"))
        .isEqualTo("v1," + Base64.getEncoder().encodeToString(mac.doFinal(bodies.getLast())));
  }

  /** The signature of an example of the Standard Webhooks specification's own libraries. */
  @Test
  void theSignatureIsThatOfStandardWebhooks() {
    Map<String, String> headers =
        WebhookEvent.headers(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            Instant.ofEpochSecond(1_614_265_330),
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "{\"test\": 2432232314}".getBytes(UTF_8));

    assertThat(headers)
        .containsEntry("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void anAttemptThatFailedIsRepeatedAndNothingOvertakesIt() throws Exception {
    Webhooks.Created hook = create("promotion.*");
    statuses.addAll(List.of(500, 503));
    append("promotion.requested", "1");
    append("promotion.approved", "1");

    try (WebhookDelivery _ = deliver(store)) {
      await(() -> isTold(hook));
    }

    assertThat(types())
        .containsExactly(
            "promotion.requested",
            "promotion.requested",
            "promotion.requested",
            "promotion.approved");
    assertThat(webhooks().webhooks().getFirst().failures()).isZero();
    assertThat(webhooks().webhooks().getFirst().lastError()).isEmpty();
  }

  @Test
  void aCrashAfterTheAnswerRepeatsTheMessageAndLosesNone() throws Exception {
    Webhooks.Created hook = create("promotion.*");
    append("promotion.requested", "1");
    try (WebhookDelivery _ = deliver(new ReadOnlyStore(store))) {
      await(() -> !seen.isEmpty());
    }
    assertThat(isTold(hook)).isFalse();
    int before = seen.size();
    append("promotion.approved", "1");

    try (WebhookDelivery _ = deliver(store)) {
      await(() -> isTold(hook));
    }

    assertThat(types().subList(before, types().size()))
        .containsExactly("promotion.requested", "promotion.approved");
    assertThat(header(seen.get(before), "webhook-id"))
        .isEqualTo(header(seen.getFirst(), "webhook-id"));
  }

  @Test
  void afterTooManyFailuresItIsDisabledAndTheLogSaysSo() throws Exception {
    Webhooks.Created hook = create("promotion.*");
    statuses.addAll(List.of(500, 404, 500, 500));
    append("promotion.requested", "1");

    try (WebhookDelivery _ = deliver(store)) {
      await(() -> !webhooks().webhooks().getFirst().enabled());
      append("promotion.approved", "1");
    }

    assertThat(seen).hasSize(3);
    Webhooks.Shown shown = webhooks().webhooks().getFirst();
    assertThat(shown.lastError()).isEqualTo("status 500 (expected: 2xx)");
    assertThat(actions()).containsOnlyOnce("webhook.disabled");
    assertThat(hook.toString()).doesNotContain(hook.secret());
  }

  @Test
  void aRedirectIsNotFollowed() throws Exception {
    create("promotion.*");
    statuses.add(302);
    append("promotion.requested", "1");

    Optional<String> failure = post("http://hooks.test:" + port() + "/x", LIMITS.timeout());

    assertThat(failure).hasValueSatisfying(why -> assertThat(why).contains("302", "redirects"));
    assertThat(seen).hasSize(1);
  }

  @Test
  void theConnectionIsMadeToTheAddressThatWasLookedAt() {
    assertThat(post("http://hooks.test:" + port() + "/x?y=1", LIMITS.timeout())).isEmpty();

    assertThat(resolved).as("no second look, which could be answered otherwise").hasValue(1);
    assertThat(header(seen.getFirst(), "host")).isEqualTo("hooks.test:" + port());
    assertThat(seen.getFirst().getRequestURI().toString()).isEqualTo("/x?y=1");
  }

  @Test
  void aNameThatLeadsInsideLeadsNowhere() {
    Optional<String> failure = post("https://rebound.test:" + port() + "/x", LIMITS.timeout());

    assertThat(failure).hasValueSatisfying(why -> assertThat(why).contains("public addresses"));
    assertThat(seen).isEmpty();
  }

  @Test
  void aServerThatTalksSlowlyOrEndlesslyIsLeft() throws Exception {
    Thread talker;
    try (ServerSocket slow = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      talker = Thread.ofVirtual().start(() -> talk(slow));
      long began = System.nanoTime();

      Optional<String> failure =
          new WebhookConnection(
                  targets(slow.getLocalPort()),
                  (SSLSocketFactory) SSLSocketFactory.getDefault(),
                  Duration.ofMillis(300))
              .post("http://hooks.test:" + slow.getLocalPort() + "/", Map.of(), new byte[1]);

      assertThat(failure).isPresent();
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
    }
    talker.join();
  }

  /** Sends a byte again and again, so that no single read waits long, and never ends a line. */
  private static void talk(ServerSocket slow) {
    try (Socket socket = slow.accept();
        InputStream in = socket.getInputStream()) {
      while (!slow.isClosed()) {
        socket.getOutputStream().write('H');
        socket.getOutputStream().flush();
        socket.setSoTimeout(20);
        try {
          in.read();
        } catch (SocketTimeoutException e) {
          // The other side says nothing, as is its part.
        }
      }
    } catch (IOException e) {
      // The other side has gone, as it should.
    }
  }

  @Test
  void aCertificateHasToBeTrustedAndOfTheHost() throws Exception {
    SSLContext context = context();
    HttpsServer secure =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    secure.setHttpsConfigurator(new HttpsConfigurator(context));
    secure.createContext("/", this::answer);
    secure.start();
    try {
      int port = secure.getAddress().getPort();
      WebhookConnection trusting =
          new WebhookConnection(targets(port), context.getSocketFactory(), LIMITS.timeout());
      assertThat(trusting.post("https://hooks.test:" + port + "/", Map.of(), new byte[1]))
          .isEmpty();
      assertThat(trusting.post("https://other.test:" + port + "/", Map.of(), new byte[1]))
          .hasValueSatisfying(why -> assertThat(why).startsWith("TLS failed"));
      assertThat(
              new WebhookConnection(
                      targets(port),
                      (SSLSocketFactory) SSLSocketFactory.getDefault(),
                      LIMITS.timeout())
                  .post("https://hooks.test:" + port + "/", Map.of(), new byte[1]))
          .hasValueSatisfying(why -> assertThat(why).startsWith("TLS failed"));
      assertThat(seen).hasSize(1);
    } finally {
      secure.stop(0);
    }
  }

  /** With a key that is certified for {@code hooks.test} alone, and trusted. */
  private SSLContext context() throws Exception {
    Path file = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "hooks",
                "-keyalg",
                "EC",
                "-dname",
                "CN=hooks.test",
                "-ext",
                "san=dns:hooks.test",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                "changeit")
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, "changeit".toCharArray());
    }
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    own.init(keys, "changeit".toCharArray());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("hooks", keys.getCertificate("hooks"));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), new SecureRandom());
    return context;
  }

  @Test
  void aWebhookThatIsDeletedIsToldNothingMore() throws Exception {
    Webhooks.Created hook = create("promotion.*");
    append("promotion.requested", "1");

    Webhooks.Shown deleted = webhooks().delete(ADMINISTRATOR, hook.webhook().id());
    Webhooks.Created other = create("policy.*");
    append("policy.activated", "1");
    try (WebhookDelivery _ = deliver(store)) {
      await(() -> isTold(other));
    }

    assertThat(deleted).isEqualTo(hook.webhook());
    assertThat(types()).containsExactly("policy.activated");
    assertThat(other.webhook().id()).isGreaterThan(hook.webhook().id());
    assertThat(actions())
        .contains("webhook.created", "webhook.deleted")
        .doesNotContain("webhook.disabled");
  }

  @Test
  void waitsDoubleUpToTheLongest() {
    assertThat(WebhookLimits.DEFAULT.backoff(1)).isEqualTo(Duration.ofSeconds(2));
    assertThat(WebhookLimits.DEFAULT.backoff(5)).isEqualTo(Duration.ofSeconds(32));
    assertThat(WebhookLimits.DEFAULT.backoff(24)).isEqualTo(Duration.ofHours(1));
    Duration whole = Duration.ZERO;
    for (int failure = 1; failure < WebhookLimits.DEFAULT.failuresMax(); failure++) {
      whole = whole.plus(WebhookLimits.DEFAULT.backoff(failure));
    }
    assertThat(whole).isBetween(Duration.ofHours(12), Duration.ofHours(15));
  }

  private Optional<String> post(String url, Duration timeout) {
    return new WebhookConnection(
            targets(port()), (SSLSocketFactory) SSLSocketFactory.getDefault(), timeout)
        .post(url, Map.of("webhook-id", "1"), "{}".getBytes(UTF_8));
  }

  /** Every name leads to the loopback; only the names that are allowed may. */
  private WebhookTargets targets(int port) {
    return new WebhookTargets(
        Set.of("hooks.test:" + port, "other.test:" + port),
        host -> {
          resolved.incrementAndGet();
          return List.of(InetAddress.getLoopbackAddress());
        });
  }

  private int port() {
    return server.getAddress().getPort();
  }

  private Webhooks webhooks() {
    return new Webhooks(store, targets(port()), LIMITS, new SecureRandom(), InstantSource.system());
  }

  private Webhooks.Created create(String... events) {
    return webhooks()
        .create(ADMINISTRATOR, "http://hooks.test:" + port() + "/hook", List.of(events));
  }

  private WebhookDelivery deliver(ControlStore from) {
    return WebhookDelivery.start(
        from,
        "log.example",
        targets(port()),
        (SSLSocketFactory) SSLSocketFactory.getDefault(),
        LIMITS,
        InstantSource.system());
  }

  private void append(String action, String name) {
    String kind = action.substring(0, action.indexOf('.'));
    store.commit(
        work ->
            work.append(
                AuditEntry.of(
                    new Actor.Component("test"), action, new Subject(kind, name), Instant.now())));
  }

  private boolean isTold(Webhooks.Created hook) {
    return store.read(
        view ->
            new WebhookTable(view.sql()).find(hook.webhook().id()).orElseThrow().nextEntry()
                == view.auditSize());
  }

  private List<String> types() throws IOException {
    List<String> types = new ArrayList<>();
    for (byte[] body : bodies) {
      types.add(JSON.readTree(body).path("type").textValue().substring("dev.slipway.".length()));
    }
    return types;
  }

  private List<String> actions() {
    return store.read(
        view ->
            view.auditLeaves(0, view.auditSize()).stream()
                .map(leaf -> AuditEntry.parse(leaf).action())
                .toList());
  }

  private static String header(HttpExchange exchange, String name) {
    return String.valueOf(exchange.getRequestHeaders().getFirst(name));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("30 s have passed").isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  /** A store whose process dies before anything is written. */
  private record ReadOnlyStore(ControlStore store) implements ControlStore {
    @Override
    public <T> T read(Function<? super ControlView, T> reading) {
      return store.read(reading);
    }

    @Override
    public <T> T commit(Function<? super UnitOfWork, T> change) {
      throw new IllegalStateException("the process has died");
    }

    @Override
    public boolean copyTo(Path file) {
      return store.copyTo(file);
    }

    @Override
    public int schemaVersion() {
      return store.schemaVersion();
    }

    @Override
    public void close() {}
  }
}
