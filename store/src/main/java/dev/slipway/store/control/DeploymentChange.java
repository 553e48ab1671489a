package dev.slipway.store.control;

import dev.slipway.core.model.Deployment;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a deployment's history: what it was after a change.
 *
 * @param after its {@code revision} is the entry's number
 * @param kind what was asked for
 * @param epoch routing table that the change went live with
 * @param auditIndex number of the audit log's entry about it; null for a change from before there
 *     was a log
 * @param promotion that allowed it; null where none was needed
 */
public record DeploymentChange(
    Deployment after, Kind kind, long epoch, @Nullable Long auditIndex, @Nullable Long promotion) {
  /** What somebody asked for. */
  public enum Kind {
    DEPLOY,
    UNDO
  }
}
