package dev.slipway.store.control;

import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.model.VersionCard;
import java.time.Instant;

/** A change in the making: sees its own writes, and nobody else does before it is committed. */
public interface UnitOfWork extends ControlView {
  /**
   * Registers the next version of a model, and the model with its first.
   *
   * @return the version under its number, one more than the model's latest
   */
  ModelVersion addVersion(VersionDraft draft);

  /**
   * Takes the next version number of a model, and registers the model with its first. Numbers never
   * come twice, whatever is deleted.
   */
  int nextVersion(String model, Instant now);

  /** Lets a version be deployed; {@link #nextVersion} gave its number. */
  void putVersion(ModelVersion version);

  /** Lists a version; {@link #nextVersion} gave its number. */
  void putCard(VersionCard card);

  /**
   * Writes a deployment and the entry of its history.
   *
   * @param change {@code after.revision()} is one more than the revision it was decided on
   * @throws dev.slipway.core.error.SlipwayException CONFLICT if the deployment has changed since,
   *     NOT_FOUND if a version it names is not registered
   */
  void putDeployment(DeploymentChange change);

  /**
   * Writes down who did this and what it changed. The entry is there exactly if the change is.
   *
   * @return the entry's number in the audit log; numbers count from 0 and have no gaps
   * @throws dev.slipway.core.error.SlipwayException TOO_MANY_REQUESTS if the log cannot take it now
   */
  long append(AuditEntry entry);

  /** Changes promotions, evidence and policies. */
  @Override
  GovernanceWork governance();

  @Override
  IdentityWork identity();

  /** Takes the number of the next routing table; numbers never come twice. */
  long nextEpoch();
}
