package dev.slipway.core.governance;

import dev.slipway.core.audit.entry.ContentDigest;
import java.time.Instant;

/**
 * A policy that somebody proposed.
 *
 * @param id counts from 1
 * @param body canonical JSON
 * @param proposer account
 * @param decider account; empty while nobody has decided
 * @param decidedAt when it got the state it has
 */
public record PolicyRecord(
    long id,
    ContentDigest digest,
    State state,
    byte[] body,
    String proposer,
    String reason,
    Instant proposedAt,
    String decider,
    Instant decidedAt) {
  /** What became of it. */
  public enum State {
    PROPOSED,
    /** It is in force; one at most is. */
    ACTIVE,
    /** It was in force. */
    REPLACED,
    REJECTED
  }

  public PolicyRecord {
    body = body.clone();
  }

  @Override
  public byte[] body() {
    return body.clone();
  }

  /** This policy after somebody decided. */
  public PolicyRecord decided(State next, String account, Instant now) {
    return new PolicyRecord(id, digest, next, body, proposer, reason, proposedAt, account, now);
  }
}
