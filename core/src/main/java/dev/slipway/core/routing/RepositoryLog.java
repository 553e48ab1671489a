package dev.slipway.core.routing;

import dev.slipway.core.audit.entry.Actor;

/** Is told who takes deployments out of memory and back, before that is done. */
public interface RepositoryLog {
  /**
   * @throws dev.slipway.core.error.SlipwayException if it cannot be written down; then it is not
   *     done
   */
  void loadAsked(Actor actor, String deployment);

  /**
   * @throws dev.slipway.core.error.SlipwayException as {@link #loadAsked}
   */
  void unloadAsked(Actor actor, String deployment);
}
