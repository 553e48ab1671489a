package dev.slipway.platform.oidc;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Asks a provider what it says of itself at most once in a pause, whether it answers or not: so a
 * flood of sign-ins does not reach it, and one that is down is noticed soon. Thread-safe.
 */
final class DiscoveryCache {
  private final OidcSettings settings;
  private final ProviderHttp http;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Discovery known;
  private String failure = "";
  private Instant askAgain = Instant.MIN;

  DiscoveryCache(OidcSettings settings, ProviderHttp http, InstantSource clock) {
    this.settings = settings;
    this.http = http;
    this.clock = clock;
  }

  /**
   * @throws IOException if it did not answer as a provider
   */
  Discovery get() throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      if (!clock.instant().isBefore(askAgain)) {
        ask();
      }
      Discovery answer = known;
      if (answer == null) {
        throw new IOException(failure);
      }
      return answer;
    } finally {
      lock.unlock();
    }
  }

  private void ask() throws InterruptedException {
    try {
      known = Discovery.of(settings, http);
    } catch (IOException e) {
      known = null;
      failure = String.valueOf(e.getMessage());
    }
    askAgain = clock.instant().plus(settings.pace().pause());
  }
}
