package dev.slipway.platform.audit;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.model.Deployment;
import dev.slipway.core.model.ModelVersion;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries that this server writes. Names of actions and kinds of subjects are stable. The
 * artifact that is registered, or serves afterwards, is each entry's evidence.
 */
public final class AuditActions {
  /** A version was registered. */
  public static final String VERSION_REGISTERED = "model-version.registered";

  /** A version was there when the log began. */
  public static final String VERSION_ADOPTED = "model-version.adopted";

  /** A version was deleted; its number never comes again. */
  public static final String VERSION_DELETED = "model-version.deleted";

  /** A deployment serves another version, or was made. */
  public static final String DEPLOYMENT_CHANGED = "deployment.changed";

  /** A deployment went back to the version that served before. */
  public static final String DEPLOYMENT_UNDONE = "deployment.undone";

  /** Somebody asked for a deployment to be loaded into memory again. */
  public static final String LOAD_ASKED = "deployment.load-asked";

  /** Somebody asked for a deployment to be taken out of memory until it is loaded again. */
  public static final String UNLOAD_ASKED = "deployment.unload-asked";

  /** A deployment was there when the log began. */
  public static final String DEPLOYMENT_ADOPTED = "deployment.adopted";

  /** Kind of the subject of entries about a version; its name is such as {@code fraud/3}. */
  public static final String VERSION = "model-version";

  /** Kind of the subject of entries about a deployment. */
  public static final String DEPLOYMENT = "deployment";

  private AuditActions() {}

  /**
   * @param state digest of what is kept about the version
   */
  public static AuditEntry registered(Actor actor, ModelVersion version, ContentDigest state) {
    return entry(actor, VERSION_REGISTERED, version, null, state, version.registeredAt());
  }

  static AuditEntry adopted(Actor actor, ModelVersion version, ContentDigest state, Instant now) {
    return entry(actor, VERSION_ADOPTED, version, state, state, now);
  }

  private static AuditEntry entry(
      Actor actor,
      String action,
      ModelVersion version,
      @Nullable ContentDigest before,
      ContentDigest after,
      Instant time) {
    return AuditEntry.of(actor, action, new Subject(VERSION, version.ref().toString()), time)
        .withStates(before, after)
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
    return AuditEntry.of(actor, action, new Subject(DEPLOYMENT, after.name()), after.changedAt())
        .withStates(before, ServedState.of(after, version.digest()))
        .withEvidence(List.of(ContentDigest.of(version.digest())));
  }

  static AuditEntry adopted(Actor actor, Deployment deployment, ModelVersion version, Instant now) {
    ContentDigest state = ServedState.of(deployment, version.digest());
    return AuditEntry.of(actor, DEPLOYMENT_ADOPTED, new Subject(DEPLOYMENT, deployment.name()), now)
        .withStates(state, state)
        .withEvidence(List.of(ContentDigest.of(version.digest())));
  }
}
