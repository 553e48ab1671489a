package dev.slipway.platform;

import dev.slipway.core.audit.checkpoint.SigningKey;
import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.table.TableLimits;
import dev.slipway.platform.audit.AuditBeginning;
import dev.slipway.platform.audit.AuditLimits;
import dev.slipway.platform.audit.AuditTrail;
import dev.slipway.platform.audit.AuditedControlStore;
import dev.slipway.platform.audit.LogKey;
import dev.slipway.platform.deployment.Deployments;
import dev.slipway.platform.deployment.Protection;
import dev.slipway.platform.deployment.ServingPlaneRouting;
import dev.slipway.platform.doctor.AuditChecks;
import dev.slipway.platform.doctor.Doctor;
import dev.slipway.platform.doctor.DoctorLimits;
import dev.slipway.platform.monitor.CellKeeper;
import dev.slipway.platform.monitor.References;
import dev.slipway.platform.registry.Registry;
import dev.slipway.platform.registry.RegistryLimits;
import dev.slipway.platform.registry.StoredArtifacts;
import dev.slipway.serving.ServingLimits;
import dev.slipway.serving.ServingPlane;
import dev.slipway.serving.cells.Monitoring;
import dev.slipway.serving.engine.EngineSelector;
import dev.slipway.serving.engine.ModelEngine;
import dev.slipway.serving.engine.WarmUp;
import dev.slipway.store.audit.AuditLog;
import dev.slipway.store.audit.FolderTileStore;
import dev.slipway.store.audit.LastCheckpointFile;
import dev.slipway.store.blob.FileBlobStore;
import dev.slipway.store.blob.TreeLimits;
import dev.slipway.store.control.CommittedLeaves;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.SqliteControlStore;
import dev.slipway.store.data.DataFolder;
import dev.slipway.testkit.engine.LinearEngine;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * A control plane on a folder, wired as the server wires it, with {@link LinearEngine} where no
 * other engines are given.
 */
public final class ControlPlane implements AutoCloseable {
  /** Who acts in tests. */
  public static final Actor LOCAL = new Actor.LocalCaller();

  public final DataFolder data;
  public final SqliteControlStore database;
  public final AuditTrail trail;
  public final ControlStore store;
  public final FileBlobStore blobs;
  public final ServingPlane serving;
  public final Registry registry;
  public final References references;
  public final CellKeeper cells;
  public final Deployments deployments;
  public final AuditChecks auditChecks;
  public final Doctor doctor;

  public ControlPlane(Path folder) {
    this(folder, InstantSource.system());
  }

  public ControlPlane(Path folder, InstantSource clock) {
    this(folder, clock, List.of(new LinearEngine()));
  }

  public ControlPlane(Path folder, InstantSource clock, List<ModelEngine> engines) {
    this.data = DataFolder.open(folder);
    this.database = new SqliteControlStore(data.database(), clock);
    AuditBeginning.write(database, clock.instant());
    FolderTileStore tiles = new FolderTileStore(data.auditLog());
    LastCheckpointFile kept = new LastCheckpointFile(data.auditCheckpoint());
    CommittedLeaves leaves = new CommittedLeaves(database);
    SigningKey key = LogKey.readOrCreate(data.auditKey(), new SecureRandom());
    this.trail =
        new AuditTrail(
            new AuditLog(leaves, tiles, kept, key, clock), tiles, leaves, AuditLimits.DEFAULT);
    this.store = new AuditedControlStore(database, trail);
    this.blobs = new FileBlobStore(data.blobs(), TreeLimits.DEFAULT);
    this.registry =
        new Registry(store, blobs, engines, new RowExampleReader(), RegistryLimits.DEFAULT, clock);
    registry.discardUnregistered();
    StoredArtifacts artifacts = new StoredArtifacts(blobs);
    this.references =
        new References(
            store,
            registry,
            artifacts,
            new EngineSelector(engines, new WarmUp(version -> List.of())),
            TableLimits.DEFAULT,
            clock);
    this.cells = CellKeeper.start(store, Duration.ofMillis(20), clock);
    this.serving =
        new ServingPlane(
            ServingLimits.DEFAULT,
            engines,
            artifacts,
            version -> List.of(),
            new Monitoring("control-plane", references, cells, clock));
    this.deployments =
        new Deployments(store, new ServingPlaneRouting(serving), Protection.CLOSED, clock);
    deployments.restore();
    this.auditChecks = new AuditChecks(store, trail, kept);
    this.doctor =
        new Doctor(
            data, store, blobs, registry, deployments, auditChecks, DoctorLimits.DEFAULT, clock);
  }

  @Override
  public void close() {
    serving.close();
    cells.close();
    trail.close();
    store.close();
    data.close();
  }
}
