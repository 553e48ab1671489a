package dev.slipway.platform.tracking;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.identity.Principal;
import java.time.Instant;
import java.util.List;

/**
 * Who asks for a change, and what exactly was asked.
 *
 * @param request digest of the request's bytes
 */
public record Requested(Principal principal, ContentDigest request) {
  /** As whom the audit log knows who asks. */
  public Actor actor() {
    return principal.actor();
  }

  /**
   * The entry of the audit log about it.
   *
   * @param action dotted words, as {@link AuditEntry#action}
   * @param kind of the subject
   */
  public AuditEntry entry(String action, String kind, String name, Instant now) {
    return AuditEntry.of(actor(), action, new Subject(kind, name), now)
        .withEvidence(List.of(request));
  }
}
