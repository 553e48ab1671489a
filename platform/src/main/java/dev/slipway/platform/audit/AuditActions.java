package dev.slipway.platform.audit;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.model.Deployment;
import dev.slipway.core.model.ModelVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The entries that this server writes. Names of actions and kinds of subjects are stable. */
public final class AuditActions {
  /** A version was registered: its state after, and its artifact as evidence. */
  public static final String VERSION_REGISTERED = "model-version.registered";

  /** A deployment serves another version, or was made. */
  public static final String DEPLOYMENT_CHANGED = "deployment.changed";

  /** A deployment went back to the version that served before. */
  public static final String DEPLOYMENT_UNDONE = "deployment.undone";

  private AuditActions() {}

  /**
   * @param state digest of what is kept about the version
   */
  public static AuditEntry registered(Actor actor, ModelVersion version, ContentDigest state) {
    return AuditEntry.of(
            actor,
            VERSION_REGISTERED,
            new Subject("model-version", version.ref().toString()),
            version.registeredAt())
        .withStates(null, state)
        .withEvidence(List.of(ContentDigest.of(version.digest())));
  }

  /**
   * @param before state before; null if the deployment is new
   * @param version what serves after
   */
  public static AuditEntry deployed(
      Actor actor,
      String action,
      @Nullable ContentDigest before,
      Deployment after,
      ModelVersion version) {
    return AuditEntry.of(actor, action, new Subject("deployment", after.name()), after.changedAt())
        .withStates(before, ServedState.of(after, version.digest()))
        .withEvidence(List.of(ContentDigest.of(version.digest())));
  }
}
