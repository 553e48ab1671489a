package dev.slipway.serving;

import dev.slipway.core.inference.Protocol;

/**
 * What the adapter knows about a call beside its content.
 *
 * @param requestId of this call, generated where the caller sent none
 * @param routingKey decides between variants; the caller's key, else the request id
 * @param arrivalNanos {@link System#nanoTime()} when the first byte was handled
 * @param decodedNanos {@link System#nanoTime()} when decoding ended, which is when the wait begins
 * @param deadlineNanos {@link System#nanoTime()} after which nobody waits; {@link Long#MAX_VALUE}
 *     means no deadline
 */
public record CallContext(
    String requestId,
    String routingKey,
    Protocol protocol,
    long arrivalNanos,
    long decodedNanos,
    long deadlineNanos) {
  public static final long NO_DEADLINE = Long.MAX_VALUE;
}
