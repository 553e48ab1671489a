package dev.slipway.core.governance;

import dev.slipway.core.audit.entry.ContentDigest;
import java.time.Instant;
import java.util.Set;

/**
 * One person's yes to exactly one binding.
 *
 * @param person name of the account
 * @param roles that the person had then
 * @param binding digest of what was approved; it counts for nothing else
 * @param reason in the person's words; empty if none was given
 */
public record Approval(
    String person, Set<String> roles, ContentDigest binding, String reason, Instant at) {
  public Approval {
    roles = Set.copyOf(roles);
  }
}
