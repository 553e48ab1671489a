package dev.slipway.platform;

import dev.slipway.platform.deployment.Deployments;
import dev.slipway.platform.deployment.ServingPlaneRouting;
import dev.slipway.platform.doctor.Doctor;
import dev.slipway.platform.doctor.DoctorLimits;
import dev.slipway.platform.registry.Registry;
import dev.slipway.platform.registry.RegistryLimits;
import dev.slipway.platform.registry.StoredArtifacts;
import dev.slipway.serving.ServingLimits;
import dev.slipway.serving.ServingPlane;
import dev.slipway.serving.engine.ModelEngine;
import dev.slipway.store.blob.FileBlobStore;
import dev.slipway.store.blob.TreeLimits;
import dev.slipway.store.control.SqliteControlStore;
import dev.slipway.store.data.DataFolder;
import dev.slipway.testkit.engine.LinearEngine;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * A control plane on a folder, wired as the server wires it, with {@link LinearEngine} where no
 * other engines are given.
 */
public final class ControlPlane implements AutoCloseable {
  public final DataFolder data;
  public final SqliteControlStore store;
  public final FileBlobStore blobs;
  public final ServingPlane serving;
  public final Registry registry;
  public final Deployments deployments;
  public final Doctor doctor;

  public ControlPlane(Path folder) {
    this(folder, InstantSource.system());
  }

  public ControlPlane(Path folder, InstantSource clock) {
    this(folder, clock, List.of(new LinearEngine()));
  }

  public ControlPlane(Path folder, InstantSource clock, List<ModelEngine> engines) {
    this.data = DataFolder.open(folder);
    this.store = new SqliteControlStore(data.database(), clock);
    this.blobs = new FileBlobStore(data.blobs(), TreeLimits.DEFAULT);
    this.serving = new ServingPlane(ServingLimits.DEFAULT, engines, new StoredArtifacts(blobs));
    this.registry =
        new Registry(store, blobs, engines, new RowExampleReader(), RegistryLimits.DEFAULT, clock);
    registry.discardUnregistered();
    this.deployments = new Deployments(store, new ServingPlaneRouting(serving), clock);
    deployments.restore();
    this.doctor =
        new Doctor(data, store, blobs, registry, deployments, DoctorLimits.DEFAULT, clock);
  }

  @Override
  public void close() {
    serving.close();
    store.close();
    data.close();
  }
}
