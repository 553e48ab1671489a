package dev.slipway.platform.audit;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.model.Deployment;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.model.RegisteredModel;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.UnitOfWork;
import java.time.Instant;
import java.util.List;

/**
 * Takes what was there before there was a log into the log, so that from then on nothing is without
 * an entry. Who registered or deployed it is not known: the entries name this component.
 */
public final class AuditBeginning {
  private static final Actor ACTOR = new Actor.Component("log-beginning");
  private static final int PAGE = 1_000;

  private AuditBeginning() {}

  /** Writes the entries if the log is empty and something is there. */
  public static void write(ControlStore store, Instant now) {
    boolean needed = store.read(view -> view.auditSize() == 0 && !view.models("", 1).isEmpty());
    if (needed) {
      store.commit(work -> writeAll(work, now));
    }
  }

  private static long writeAll(UnitOfWork work, Instant now) {
    List<RegisteredModel> models = work.models("", PAGE);
    while (!models.isEmpty()) {
      for (RegisteredModel model : models) {
        for (ModelVersion version : work.versions(model.name()).reversed()) {
          work.append(
              AuditActions.adopted(
                  ACTOR, version, work.versionState(version.ref()).orElseThrow(), now));
        }
      }
      models = work.models(models.getLast().name(), PAGE);
    }
    List<Deployment> deployments = work.deployments("", PAGE);
    while (!deployments.isEmpty()) {
      for (Deployment deployment : deployments) {
        ModelVersion version = work.version(deployment.currentRef()).orElseThrow();
        work.append(AuditActions.adopted(ACTOR, deployment, version, now));
      }
      deployments = work.deployments(deployments.getLast().name(), PAGE);
    }
    return work.auditSize();
  }
}
