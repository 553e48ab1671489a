package dev.slipway.platform.oidc;

import com.nimbusds.jose.jwk.JWK;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The provider's keys, in memory. A thread of its own fetches them: at the start, then at the pace
 * that the settings name, and sooner if somebody asks, but never twice within the pause. So nobody
 * waits for the provider, and no flood of tokens with made-up keys reaches it. Thread-safe.
 */
public final class ProviderKeys implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProviderKeys.class);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

  private final ProviderHttp http;
  private final KeySource source;
  private final String issuer;
  private final KeyPace pace;
  private final InstantSource clock;
  private final BlockingQueue<Boolean> asked = new ArrayBlockingQueue<>(1);
  private final Thread fetching;
  private volatile Keys keys = new Keys(Map.of(), null, 0);

  /**
   * @param fetchedAt null before the first time
   * @param generation another whenever the keys are
   */
  private record Keys(Map<String, ProviderKey> byId, @Nullable Instant fetchedAt, long generation) {
    Map<String, JWK> published() {
      return byId.entrySet().stream()
          .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().jwk()));
    }
  }

  /** Begins to fetch. */
  public ProviderKeys(OidcSettings settings, InstantSource clock) {
    this(settings, ANSWER_MAX, clock);
  }

  ProviderKeys(OidcSettings settings, Duration answerMax, InstantSource clock) {
    this.http = new ProviderHttp(answerMax);
    this.source = new KeySource(settings, http);
    this.issuer = settings.issuer();
    this.pace = settings.pace();
    this.clock = clock;
    this.fetching = Thread.ofVirtual().name("slipway-oidc-keys").unstarted(this::fetch);
    fetching.start();
  }

  /** The key of that id; null if the provider has shown none. */
  @Nullable ProviderKey key(String id) {
    return keys.byId.get(id);
  }

  /**
   * When the keys are no longer trusted, unless they are fetched before; null if there are none.
   */
  @Nullable Instant trustedUntil() {
    Instant fetchedAt = keys.fetchedAt;
    return fetchedAt == null ? null : fetchedAt.plus(pace.trust());
  }

  /** Has the keys fetched again as soon as the pause allows. Returns at once. */
  void ask() {
    // One question that waits is as good as many.
    boolean ignored = asked.offer(true);
  }

  Duration pause() {
    return pace.pause();
  }

  long generation() {
    return keys.generation;
  }

  private void fetch() {
    boolean failing = false;
    try {
      while (true) {
        asked.clear();
        Duration next = pace.refresh();
        try {
          Instant asOf = clock.instant();
          replace(source.fetch(), asOf);
          if (failing) {
            LOG.info("oidc: {} answers again", issuer);
          }
          failing = false;
        } catch (IOException e) {
          if (!failing) {
            LOG.warn("oidc: no keys from {}: {}", issuer, e.getMessage());
          }
          failing = true;
          next = pace.pause();
        }
        Thread.sleep(pace.pause());
        Duration rest = next.minus(pace.pause());
        if (rest.isPositive()) {
          Boolean early = asked.poll(rest.toMillis(), TimeUnit.MILLISECONDS);
          LOG.debug("oidc: fetching keys, asked for: {}", early != null);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Closed.
    }
  }

  private void replace(Map<String, ProviderKey> fetched, Instant asOf) {
    Keys before = keys;
    Keys after = new Keys(Map.copyOf(fetched), asOf, before.generation);
    keys =
        after.published().equals(before.published())
            ? after
            : new Keys(after.byId, asOf, before.generation + 1);
  }

  @Override
  public void close() {
    fetching.interrupt();
    http.close();
  }
}
