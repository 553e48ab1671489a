package dev.slipway.store.control;

import dev.slipway.core.model.Deployment;

/**
 * One entry of a deployment's history: what it was after a change.
 *
 * @param after its {@code revision} is the entry's number
 * @param kind what was asked for
 * @param epoch routing table that the change went live with
 */
public record DeploymentChange(Deployment after, Kind kind, long epoch) {
  /** What somebody asked for. */
  public enum Kind {
    DEPLOY,
    UNDO
  }
}
