package dev.slipway.platform.deployment;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.model.Deployment;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.platform.audit.AuditTrail.Numbered;
import dev.slipway.platform.audit.ServedState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a deployment served for a while.
 *
 * @param deployment as it was; its {@code changedAt} is when this began
 * @param asked what somebody asked for
 * @param epoch routing table that it went live with
 * @param served the version that served
 * @param until when the next change was committed; null if it serves now
 * @param entry what the audit log says about the change; null for one from before there was a log
 */
public record HistoryEntry(
    Deployment deployment,
    Asked asked,
    long epoch,
    ModelVersion served,
    @Nullable Instant until,
    @Nullable Numbered entry) {
  /** What somebody asked for. */
  public enum Asked {
    DEPLOY,
    UNDO
  }

  /** The digest that the audit entry has as the state after. */
  public ContentDigest state() {
    return ServedState.of(deployment, served.digest());
  }
}
