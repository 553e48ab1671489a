package dev.slipway.platform;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.platform.deployment.Deployments;
import dev.slipway.platform.registry.Registry;
import dev.slipway.platform.registry.RegistryLimits;
import dev.slipway.platform.registry.StoredArtifacts;
import dev.slipway.store.blob.FileBlobStore;
import dev.slipway.store.blob.TreeLimits;
import dev.slipway.store.control.SqliteControlStore;
import dev.slipway.store.data.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** A control plane on a folder, wired as the server wires it, with {@link LinearEngine}. */
public final class ControlPlane implements AutoCloseable {
  public final DataFolder data;
  public final SqliteControlStore store;
  public final FileBlobStore blobs;
  public final Registry registry;
  public final LoadingRouting routing;
  public final Deployments deployments;

  public ControlPlane(Path folder) {
    this.data = DataFolder.open(folder);
    this.store = new SqliteControlStore(data.database(), InstantSource.system());
    this.blobs = new FileBlobStore(data.blobs(), TreeLimits.DEFAULT);
    LinearEngine engine = new LinearEngine();
    this.registry =
        new Registry(
            store,
            blobs,
            List.of(engine),
            request -> {
              throw new SlipwayException(ErrorCode.BAD_REQUEST, "no examples here");
            },
            RegistryLimits.DEFAULT,
            InstantSource.system());
    this.routing = new LoadingRouting(engine, new StoredArtifacts(blobs));
    this.deployments = new Deployments(store, routing, InstantSource.system());
    deployments.restore();
  }

  /** Writes a model that {@link LinearEngine} runs. */
  public static Path linearModel(Path folder, double... weights) throws IOException {
    Files.createDirectories(folder);
    StringBuilder text = new StringBuilder("linear");
    for (double weight : weights) {
      text.append(' ').append(weight);
    }
    return Files.writeString(folder.resolve("model.onnx"), text);
  }

  @Override
  public void close() {
    store.close();
    data.close();
  }
}
