package dev.slipway.testkit.audit;

import dev.slipway.core.audit.checkpoint.SignatureType;
import dev.slipway.core.audit.checkpoint.SigningKey;
import dev.slipway.core.audit.log.SequencedLeaves;
import dev.slipway.core.audit.verify.AuditReport;
import dev.slipway.core.audit.verify.AuditVerifier;
import dev.slipway.core.audit.verify.Trust;
import dev.slipway.store.audit.AuditLog;
import dev.slipway.store.audit.FolderTileSource;
import dev.slipway.store.audit.FolderTileStore;
import dev.slipway.store.audit.LastCheckpointFile;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;

/** A log in a folder: tiles in {@code tiles}, the last checkpoint in {@code kept}. */
final class TestLog {
  static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  static final SigningKey KEY = key("log.example", SignatureType.ED25519, 1);

  private TestLog() {}

  static SigningKey key(String name, SignatureType type, int seed) {
    byte[] bytes = new byte[SigningKey.SEED_BYTES];
    bytes[0] = (byte) seed;
    return SigningKey.of(name, type, bytes);
  }

  static AuditLog open(Path folder, SequencedLeaves leaves) {
    return new AuditLog(
        leaves,
        new FolderTileStore(folder.resolve("tiles")),
        new LastCheckpointFile(folder.resolve("kept")),
        KEY,
        InstantSource.fixed(NOON));
  }

  static AuditReport verify(Path tiles) {
    return AuditVerifier.verify(
        new FolderTileSource(tiles), Trust.of(KEY.verifier()), (read, of) -> {});
  }
}
