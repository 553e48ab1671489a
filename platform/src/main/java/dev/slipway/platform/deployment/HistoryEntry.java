package dev.slipway.platform.deployment;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.platform.audit.AuditTrail.Numbered;
import dev.slipway.platform.audit.ServedState;
import dev.slipway.store.control.DeploymentChange;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a deployment served for a while.
 *
 * @param change what began it
 * @param served the version that served
 * @param until when the next change was committed; null if it serves now
 * @param entry what the audit log says about the change; null for one from before there was a log
 */
public record HistoryEntry(
    DeploymentChange change,
    ModelVersion served,
    @Nullable Instant until,
    @Nullable Numbered entry) {
  /** The digest that the audit entry has as the state after. */
  public ContentDigest state() {
    return ServedState.of(change.after(), served.digest());
  }
}
