package dev.slipway.platform.doctor;

import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import dev.slipway.core.audit.checkpoint.WitnessQuorum;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.verify.AuditReport;
import dev.slipway.core.audit.verify.AuditVerifier;
import dev.slipway.core.audit.verify.Trust;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.Deployment;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.model.RegisteredModel;
import dev.slipway.platform.audit.AuditActions;
import dev.slipway.platform.audit.AuditStatus;
import dev.slipway.platform.audit.AuditTrail;
import dev.slipway.platform.audit.AuditTrail.Numbered;
import dev.slipway.platform.audit.ServedState;
import dev.slipway.store.audit.LastCheckpoint;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.control.DeploymentChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds the audit log against its signature, and the database against the log: a row that was
 * changed, a file that was cut, an old copy that was put back are each named.
 */
public final class AuditChecks {
  private static final int PAGE = 1_000;
  private static final int NAMED_MAX = 5;
  private static final String MEND =
      "keep this folder as evidence, start on a copy of it from before, and find out who changed"
          + " it";

  private final ControlStore store;
  private final AuditTrail trail;
  private final LastCheckpoint kept;

  public AuditChecks(ControlStore store, AuditTrail trail, LastCheckpoint kept) {
    this.store = store;
    this.trail = trail;
    this.kept = kept;
  }

  /** Every check. */
  public List<Check> examine() {
    return List.of(signing(), log(), states());
  }

  private Check signing() {
    AuditStatus status = trail.status();
    String detail =
        "%d entries, %d of them signed".formatted(status.committed(), status.integrated());
    if (!status.trouble().isEmpty()) {
      return Check.failed(
          "audit",
          detail + "; " + status.trouble(),
          status.refusing()
              ? MEND
              : "it is tried again; free space, or look into the server's log");
    }
    return Check.ok("audit", detail);
  }

  /** The files against the signature, and the entries in the database against the files. */
  private Check log() {
    try {
      List<SignedCheckpoint> known = kept.read().map(List::of).orElse(List.of());
      if (known.isEmpty() && trail.status().committed() == 0) {
        return Check.ok("audit-log", "nothing is signed yet");
      }
      publish();
      AuditReport report =
          AuditVerifier.verify(
              trail.files(),
              new Trust(trail.log().verifier(), WitnessQuorum.NONE, known, List.of()),
              (read, all) -> {});
      if (!report.isIntact()) {
        return Check.failed("audit-log", report.findings().getFirst().message(), MEND);
      }
      Optional<Long> changed = trail.log().firstChangedLeaf();
      return changed.isEmpty()
          ? Check.ok(
              "audit-log",
              "%d entries are as they were signed by %s"
                  .formatted(report.entriesRead(), trail.log().verifier()))
          : Check.failed(
              "audit-log",
              "entry %d in the database is not what was logged".formatted(changed.get()),
              MEND);
    } catch (SlipwayException e) {
      return Check.failed("audit-log", String.valueOf(e.getMessage()), MEND);
    }
  }

  /** Sees to it that what is kept aside is published too, which takes a moment after a change. */
  private void publish() {
    try {
      trail.log().integrate();
    } catch (SlipwayException e) {
      // The verifier names what is wrong.
    }
  }

  /** What the database says now against what was logged when it was decided. */
  private Check states() {
    List<String> wrong = new ArrayList<>();
    try {
      int compared =
          store.read(
              view -> {
                Logged logged = logged(view);
                return versions(view, logged, wrong) + deployments(view, logged, wrong);
              });
      if (wrong.isEmpty()) {
        return Check.ok("audit-states", "%d states are what was logged".formatted(compared));
      }
      String more =
          wrong.size() > NAMED_MAX ? " and %d more".formatted(wrong.size() - NAMED_MAX) : "";
      return Check.failed(
          "audit-states",
          String.join("; ", wrong.subList(0, Math.min(NAMED_MAX, wrong.size()))) + more,
          MEND);
    } catch (SlipwayException | IllegalArgumentException e) {
      return Check.failed("audit-states", String.valueOf(e.getMessage()), MEND);
    }
  }

  /**
   * What the log says.
   *
   * @param versions state after, by the version's name
   * @param deployments state after of each entry about a deployment, by the entry's number
   * @param newest number of the newest entry about each deployment, by its name
   */
  private record Logged(
      Map<String, ContentDigest> versions,
      Map<Long, ContentDigest> deployments,
      Map<String, Long> newest) {}

  private static Logged logged(ControlView view) {
    Logged logged = new Logged(new HashMap<>(), new HashMap<>(), new HashMap<>());
    long size = view.auditSize();
    for (long from = 0; from < size; from += PAGE) {
      List<byte[]> leaves = view.auditLeaves(from, Math.min(size, from + PAGE));
      for (int i = 0; i < leaves.size(); i++) {
        AuditEntry entry = new Numbered(from + i, leaves.get(i)).entry();
        String name = entry.subject().name();
        ContentDigest after = entry.after();
        if (entry.action().equals(AuditActions.VERSION_DELETED)) {
          logged.versions.remove(name);
        }
        if (after == null) {
          continue;
        }
        switch (entry.subject().kind()) {
          case AuditActions.VERSION -> logged.versions.put(name, after);
          case AuditActions.DEPLOYMENT -> {
            logged.deployments.put(from + i, after);
            logged.newest.put(name, from + i);
          }
          default -> {}
        }
      }
    }
    return logged;
  }

  private static int versions(ControlView view, Logged logged, List<String> wrong) {
    Map<String, ContentDigest> left = new HashMap<>(logged.versions);
    int compared = 0;
    List<RegisteredModel> page = view.models("", PAGE);
    while (!page.isEmpty()) {
      for (RegisteredModel model : page) {
        for (ModelVersion version : view.versions(model.name())) {
          String name = version.ref().toString();
          ContentDigest then = left.remove(name);
          if (then == null) {
            wrong.add("version %s was never logged".formatted(name));
          } else if (!then.equals(view.versionState(version.ref()).orElseThrow())) {
            wrong.add("version %s is not what was registered".formatted(name));
          }
          compared++;
        }
      }
      page = view.models(page.getLast().name(), PAGE);
    }
    left.keySet().stream()
        .sorted()
        .forEach(name -> wrong.add("version %s was registered and is gone".formatted(name)));
    return compared;
  }

  private static int deployments(ControlView view, Logged logged, List<String> wrong) {
    Map<String, Long> left = new HashMap<>(logged.newest);
    int compared = 0;
    List<Deployment> page = view.deployments("", PAGE);
    while (!page.isEmpty()) {
      for (Deployment deployment : page) {
        String name = deployment.name();
        Long newest = left.remove(name);
        if (newest == null) {
          wrong.add("deployment %s was never logged".formatted(name));
        } else if (!state(view, deployment)
            .equals(Optional.ofNullable(logged.deployments.get(newest)))) {
          wrong.add(
              "deployment %s serves %s, which is not what audit entry %d says"
                  .formatted(name, deployment.currentRef(), newest));
        }
        for (DeploymentChange change : view.history(name)) {
          Long index = change.auditIndex();
          if (index != null
              && !state(view, change.after())
                  .equals(Optional.ofNullable(logged.deployments.get(index)))) {
            wrong.add(
                "revision %d of deployment %s is not what audit entry %d says"
                    .formatted(change.after().revision(), name, index));
          }
          compared++;
        }
      }
      page = view.deployments(page.getLast().name(), PAGE);
    }
    left.keySet().stream()
        .sorted()
        .forEach(name -> wrong.add("deployment %s was logged and is gone".formatted(name)));
    return compared;
  }

  private static Optional<ContentDigest> state(ControlView view, Deployment deployment) {
    return view.version(deployment.currentRef())
        .map(version -> ServedState.of(deployment, version.digest()));
  }
}
