package dev.slipway.platform.webhook;

import java.time.Duration;

/**
 * What webhooks may take.
 *
 * @param timeout of one attempt, from the first byte to the status of the answer
 * @param pollInterval how often the log is looked at
 * @param backoffMin wait after the first failure; it doubles with each more
 * @param backoffMax longest wait
 * @param failuresMax attempts in a row after which a webhook is disabled
 * @param count most webhooks
 */
public record WebhookLimits(
    Duration timeout,
    Duration pollInterval,
    Duration backoffMin,
    Duration backoffMax,
    int failuresMax,
    int count) {
  /** Disabled after about 14 hours without an answer. */
  public static final WebhookLimits DEFAULT =
      new WebhookLimits(
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofHours(1),
          24,
          100);

  /** How long to wait after so many failures in a row. */
  Duration backoff(int failures) {
    Duration wait = backoffMin;
    for (int i = 1; i < failures && wait.compareTo(backoffMax) < 0; i++) {
      wait = wait.multipliedBy(2);
    }
    return wait.compareTo(backoffMax) < 0 ? wait : backoffMax;
  }
}
