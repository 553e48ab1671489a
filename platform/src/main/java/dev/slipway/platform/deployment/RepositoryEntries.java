package dev.slipway.platform.deployment;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.routing.RepositoryLog;
import dev.slipway.platform.audit.AuditActions;
import dev.slipway.store.control.ControlStore;
import java.time.InstantSource;

/**
 * Writes down in the audit log what the protocol's repository extension is asked. What it does
 * lasts until the next start only, so there is no state that an entry could be committed with.
 */
public final class RepositoryEntries implements RepositoryLog {
  private final ControlStore store;
  private final InstantSource clock;

  public RepositoryEntries(ControlStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  @Override
  public void loadAsked(Actor actor, String deployment) {
    write(actor, AuditActions.LOAD_ASKED, deployment);
  }

  @Override
  public void unloadAsked(Actor actor, String deployment) {
    write(actor, AuditActions.UNLOAD_ASKED, deployment);
  }

  private void write(Actor actor, String action, String deployment) {
    AuditEntry entry =
        AuditEntry.of(
            actor, action, new Subject(AuditActions.DEPLOYMENT, deployment), clock.instant());
    store.commit(work -> work.append(entry));
  }
}
