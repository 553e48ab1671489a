package dev.slipway.platform.doctor;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.Promotion;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.model.RegisteredModel;
import dev.slipway.platform.deployment.DeploymentStatus;
import dev.slipway.platform.deployment.Deployments;
import dev.slipway.platform.registry.Registry;
import dev.slipway.serving.ServedVariant.State;
import dev.slipway.store.blob.BlobStore;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.data.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The server's checks of itself. Looks only; what it finds wrong it names, with what mends it.
 * Thread-safe; blocks, since it reads every artifact.
 */
public final class Doctor {
  private static final int JAVA_VERSION = 25;
  private static final int PAGE = 1_000;

  /** A clock that runs behind what it has written itself by more than this was set back. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(2);

  private final DataFolder data;
  private final ControlStore store;
  private final BlobStore blobs;
  private final Registry registry;
  private final Deployments deployments;
  private final AuditChecks audit;
  private final DoctorLimits limits;
  private final InstantSource clock;

  public Doctor(
      DataFolder data,
      ControlStore store,
      BlobStore blobs,
      Registry registry,
      Deployments deployments,
      AuditChecks audit,
      DoctorLimits limits,
      InstantSource clock) {
    this.data = data;
    this.store = store;
    this.blobs = blobs;
    this.registry = registry;
    this.deployments = deployments;
    this.audit = audit;
    this.limits = limits;
    this.clock = clock;
  }

  /** Every check, in an order in which the first failure often explains the others. */
  public List<Check> examine() {
    List<ModelVersion> versions = versions();
    List<DeploymentStatus> deployed = deployed();
    List<Check> checks = new ArrayList<>();
    checks.add(java());
    checks.add(disk());
    checks.add(writable());
    checks.add(clock(versions, deployed));
    checks.add(schema());
    checks.addAll(audit.examine());
    checks.add(artifacts(versions, deployed));
    checks.add(ready(deployed));
    checks.add(reviews());
    return checks;
  }

  private Check reviews() {
    List<Promotion> waiting = store.read(view -> view.governance().unreviewed());
    if (waiting.isEmpty()) {
      return Check.ok("reviews", "no broken glass waits for a review");
    }
    Promotion first = waiting.getFirst();
    String detail =
        "%d broken glass waits for a review, the first is promotion %d to %s"
            .formatted(waiting.size(), first.id(), first.binding().target().label());
    String mend = "slipway promotion review %d --reason TEXT".formatted(first.id());
    return first.isReviewOverdue(clock.instant())
        ? Check.failed("reviews", detail + ", which is overdue", mend)
        : Check.warning("reviews", detail, mend);
  }

  private static Check java() {
    Runtime.Version version = Runtime.version();
    return version.feature() >= JAVA_VERSION
        ? Check.ok("java", "running on " + version)
        : Check.failed("java", "running on " + version, "install JDK " + JAVA_VERSION);
  }

  private Check disk() {
    long free = data.root().toFile().getUsableSpace();
    String detail = "%d MiB free in %s".formatted(free >> 20, data.root());
    String mend = "free space, or move the folder and start with --data";
    if (free < limits.diskFailedBytes()) {
      return Check.failed("disk", detail, mend);
    }
    return free < limits.diskWarningBytes()
        ? Check.warning("disk", detail, mend)
        : Check.ok("disk", detail);
  }

  private Check writable() {
    try {
      Path probe = Files.createTempFile(data.temporary(), "doctor-", ".probe");
      Files.delete(probe);
      return Check.ok("data", data.root() + " can be written");
    } catch (IOException e) {
      return Check.failed(
          "data", data.root() + " cannot be written: " + e, "give this user the right to write it");
    }
  }

  /** Nothing that is recorded can be later than now. */
  private Check clock(List<ModelVersion> versions, List<DeploymentStatus> deployed) {
    Instant now = clock.instant();
    Instant latest = Instant.EPOCH;
    for (ModelVersion version : versions) {
      latest = later(latest, version.registeredAt());
    }
    for (DeploymentStatus status : deployed) {
      latest = later(latest, status.deployment().changedAt());
    }
    return latest.isAfter(now.plus(CLOCK_TOLERANCE))
        ? Check.warning(
            "clock",
            "it is %s here, but a change is recorded at %s".formatted(now, latest),
            "let the machine take its time from the network")
        : Check.ok("clock", "it is " + now);
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private Check schema() {
    return Check.ok("database", "schema " + store.schemaVersion());
  }

  /** What serves is read first, then the newest, until the budget is spent. */
  private Check artifacts(List<ModelVersion> versions, List<DeploymentStatus> deployed) {
    List<ModelVersion> ordered = new ArrayList<>();
    deployed.forEach(status -> ordered.add(status.version()));
    versions.stream()
        .sorted(Comparator.comparing(ModelVersion::registeredAt).reversed())
        .forEach(ordered::add);
    String place;
    try {
      place = blobs.probe();
    } catch (SlipwayException e) {
      return unreachable(e);
    }
    Set<ArtifactDigest> seen = new HashSet<>();
    List<String> damaged = new ArrayList<>();
    long bytes = 0;
    int checked = 0;
    for (ModelVersion version : ordered) {
      if (!seen.add(version.digest()) || bytes + version.sizeBytes() > limits.verifyBytesMax()) {
        continue;
      }
      bytes += version.sizeBytes();
      checked++;
      try {
        blobs.verify(version.digest());
      } catch (SlipwayException e) {
        if (e.code() == ErrorCode.STORE_UNAVAILABLE) {
          return unreachable(e);
        }
        damaged.add(version.ref() + ": " + e.getMessage());
      }
    }
    String extent =
        "%d of %d artifacts read (%d MiB) in %s"
            .formatted(checked, seen.size(), bytes >> 20, place);
    return damaged.isEmpty()
        ? Check.ok("artifacts", extent + ", each matches its digest")
        : Check.failed(
            "artifacts",
            extent + "; " + String.join("; ", damaged),
            "register the same files again: that puts the right bytes back");
  }

  private static Check unreachable(SlipwayException e) {
    return Check.failed(
        "artifacts",
        e.getMessage(),
        "bring the artifact store back; until then what was loaded or is on this disk serves");
  }

  private Check ready(List<DeploymentStatus> deployed) {
    List<String> waiting = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    for (DeploymentStatus status : deployed) {
      String name = status.deployment().name();
      State state = status.variant().state();
      switch (state) {
        // An evicted model is loaded again by its next request.
        case READY, EVICTED -> {}
        case LOADING, UNLOADED -> waiting.add(name + " is " + state);
        case UNAVAILABLE -> failed.add(name + ": " + status.variant().reason());
      }
    }
    if (!failed.isEmpty()) {
      return Check.failed(
          "deployments", String.join("; ", failed), "slipway undo NAME, or deploy another version");
    }
    return waiting.isEmpty()
        ? Check.ok("deployments", deployed.size() + " ready")
        : Check.warning("deployments", String.join("; ", waiting), "wait, or load it");
  }

  private List<ModelVersion> versions() {
    List<ModelVersion> versions = new ArrayList<>();
    List<RegisteredModel> page = registry.models("", PAGE);
    while (!page.isEmpty()) {
      page.forEach(model -> versions.addAll(registry.versions(model.name())));
      page = registry.models(page.getLast().name(), PAGE);
    }
    return versions;
  }

  private List<DeploymentStatus> deployed() {
    List<DeploymentStatus> all = new ArrayList<>();
    List<DeploymentStatus> page = deployments.deployments("", PAGE);
    while (!page.isEmpty()) {
      all.addAll(page);
      page = deployments.deployments(page.getLast().deployment().name(), PAGE);
    }
    return all;
  }
}
