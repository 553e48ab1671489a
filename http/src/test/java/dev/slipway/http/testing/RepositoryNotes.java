package dev.slipway.http.testing;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.routing.RepositoryLog;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Notes who asked for what, as {@code load sum}. */
public final class RepositoryNotes implements RepositoryLog {
  public final List<String> notes = new CopyOnWriteArrayList<>();

  @Override
  public void loadAsked(Actor actor, String deployment) {
    notes.add(actor + " load " + deployment);
  }

  @Override
  public void unloadAsked(Actor actor, String deployment) {
    notes.add(actor + " unload " + deployment);
  }
}
