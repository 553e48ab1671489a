package dev.slipway.server.config;

import dev.slipway.store.data.DataFolder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the audit log's key and its last signed checkpoint lie. Elsewhere than in the data folder,
 * best on another disk, they are out of reach of whoever can write there.
 *
 * @param key file of the private key; null means in the data folder
 * @param checkpoint file of the last signed checkpoint; null means in the data folder
 */
public record AuditFiles(@Nullable Path key, @Nullable Path checkpoint) {
  /** The file of the private key. */
  public Path keyFile(DataFolder data) {
    return key == null ? data.auditKey() : key;
  }

  /** The file of the last signed checkpoint. */
  public Path checkpointFile(DataFolder data) {
    return checkpoint == null ? data.auditCheckpoint() : checkpoint;
  }
}
