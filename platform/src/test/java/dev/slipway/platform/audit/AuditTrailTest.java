package dev.slipway.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.core.audit.checkpoint.SignatureType;
import dev.slipway.core.audit.checkpoint.SigningKey;
import dev.slipway.core.audit.checkpoint.WitnessQuorum;
import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.audit.tile.LogPath;
import dev.slipway.core.audit.verify.AuditVerifier;
import dev.slipway.core.audit.verify.ReceiptCheck;
import dev.slipway.core.audit.verify.Trust;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelRef;
import dev.slipway.platform.ControlPlane;
import dev.slipway.store.audit.AuditLog;
import dev.slipway.store.audit.FolderTileStore;
import dev.slipway.store.audit.LastCheckpointFile;
import dev.slipway.store.audit.TileStore;
import dev.slipway.store.control.CommittedLeaves;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.control.DeploymentChange;
import dev.slipway.store.control.SqliteControlStore;
import dev.slipway.testkit.engine.LinearEngine;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTrailTest {
  private static final AuditLimits NARROW =
      new AuditLimits(3, Duration.ofMillis(20), Duration.ofSeconds(10));

  @TempDir Path folder;

  @Test
  void everyChangeIsLoggedWithWhoDidItAndSigned() throws IOException {
    Actor robot = new Actor.ServiceAccount("ci");
    try (ControlPlane plane = new ControlPlane(folder.resolve("data"))) {
      ModelRef one = register(plane, 1);
      plane.deployments.deploy(ControlPlane.LOCAL, "live", one);
      ModelRef two = register(plane, 2);
      plane.deployments.deploy(robot, "live", two);
      plane.deployments.undo(ControlPlane.LOCAL, "live");

      List<AuditEntry> entries =
          plane.trail.entries(0, 100).stream().map(AuditTrail.Numbered::entry).toList();
      assertThat(entries)
          .extracting(AuditEntry::action)
          .containsExactly(
              "model-version.registered",
              "deployment.changed",
              "model-version.registered",
              "deployment.changed",
              "deployment.undone");
      assertThat(entries.get(0).subject()).isEqualTo(new Subject("model-version", "fraud/1"));
      assertThat(entries.get(3).actor()).isEqualTo(robot);
      assertThat(entries.get(4).actor()).isEqualTo(ControlPlane.LOCAL);
      assertThat(entries.get(1).before()).isNull();
      assertThat(entries.get(3).before()).isEqualTo(entries.get(1).after());
      assertThat(entries.get(4).before()).isEqualTo(entries.get(3).after());
      assertThat(entries.get(3).evidence())
          .containsExactly(ContentDigest.of(plane.registry.version(two).digest()));

      List<DeploymentChange> history = plane.deployments.history("live");
      assertThat(history).extracting(DeploymentChange::auditIndex).containsExactly(4L, 3L, 1L);
      assertThat(entries.get(4).after())
          .isEqualTo(
              ServedState.of(history.getFirst().after(), plane.registry.version(one).digest()));

      await(() -> plane.trail.status().integrated() == 5);
      Trust trust = Trust.of(plane.trail.log().verifier());
      assertThat(AuditVerifier.verify(plane.trail.files(), trust, (read, all) -> {}).findings())
          .isEmpty();
      assertThat(
              ReceiptCheck.refusal(
                  plane.trail.log().receipt(3),
                  plane.trail.entry(3).leaf(),
                  plane.trail.log().verifier(),
                  WitnessQuorum.NONE))
          .isEmpty();
    }
  }

  @Test
  void whatChangesNothingLeavesNoEntry() throws IOException {
    try (ControlPlane plane = new ControlPlane(folder.resolve("data"))) {
      ModelRef one = register(plane, 1);
      register(plane, 1);
      plane.registry.register(ControlPlane.LOCAL, "dry", model(3), true);
      plane.deployments.deploy(ControlPlane.LOCAL, "live", one);
      plane.deployments.deploy(ControlPlane.LOCAL, "live", one);
      assertThatThrownBy(() -> plane.deployments.undo(ControlPlane.LOCAL, "live"))
          .isInstanceOf(SlipwayException.class);

      assertThat(plane.store.read(ControlView::auditSize)).isEqualTo(2);
    }
  }

  @Test
  void aCleanStopLeavesEverythingSignedAndTheKeyIsTheSameAfterwards() throws IOException {
    String key;
    try (ControlPlane plane = new ControlPlane(folder.resolve("data"))) {
      register(plane, 1);
      key = plane.trail.log().verifier().text();
    }
    assertThat(folder.resolve("data/audit/log.vkey")).hasContent(key + "\n");
    assertThat(folder.resolve("data/audit/checkpoint")).isNotEmptyFile();
    assertThat(folder.resolve("data/audit.checkpoint"))
        .hasSameBinaryContentAs(folder.resolve("data/audit/checkpoint"));

    try (ControlPlane plane = new ControlPlane(folder.resolve("data"))) {
      assertThat(plane.trail.log().verifier().text()).isEqualTo(key);
      await(() -> plane.trail.status().integrated() == 1);
    }
  }

  @Test
  void onlyItsOwnerMayReadTheKey() throws IOException {
    assumeTrue(
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix"),
        "needs a file system with permissions");
    new ControlPlane(folder.resolve("data")).close();

    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("data/audit.key"))))
        .isEqualTo("rw-------");
  }

  @Test
  void whatWasThereBeforeTheLogIsTakenIntoIt() throws IOException {
    Path data = folder.resolve("data");
    try (ControlPlane plane = new ControlPlane(data)) {
      plane.deployments.deploy(ControlPlane.LOCAL, "live", register(plane, 1));
    }
    // As a release without a log would have left it.
    execute(data, "DELETE FROM audit_leaf");
    execute(data, "UPDATE sequence_number SET value = 0 WHERE name = 'audit'");
    execute(data, "UPDATE deployment_history SET audit_index = NULL");
    for (String file : List.of("audit.checkpoint", "audit/checkpoint")) {
      Files.delete(data.resolve(file));
    }

    try (ControlPlane plane = new ControlPlane(data)) {
      assertThat(plane.trail.entries(0, 10))
          .extracting(numbered -> numbered.entry().action())
          .containsExactly("model-version.adopted", "deployment.adopted");
      assertThat(plane.trail.entry(0).entry().actor())
          .isEqualTo(new Actor.Component("log-beginning"));
    }
    try (ControlPlane plane = new ControlPlane(data)) {
      assertThat(plane.store.read(ControlView::auditSize)).isEqualTo(2);
    }
  }

  @Test
  void changesAreRefusedWhileTheLogIsTooFarBehindAndGoOnOnceItCanBeWritten() throws IOException {
    BreakableTiles tiles = new BreakableTiles(new FolderTileStore(folder.resolve("audit")));
    try (SqliteControlStore store =
            new SqliteControlStore(folder.resolve("control.db"), InstantSource.system());
        AuditTrail trail = trail(store, tiles)) {
      AuditedControlStore audited = new AuditedControlStore(store, trail);
      await(() -> trail.status().trouble().isEmpty());
      tiles.broken = true;
      for (int i = 0; i < NARROW.backlogMax(); i++) {
        append(audited, "kept " + i);
      }
      await(() -> trail.status().failures() > 0);

      assertThatThrownBy(() -> append(audited, "refused"))
          .isInstanceOfSatisfying(
              SlipwayException.class,
              failure -> assertThat(failure.code()).isEqualTo(ErrorCode.TOO_MANY_REQUESTS))
          .hasMessageContaining("3 entries are not signed yet (expected: at most 3)")
          .hasMessageContaining("the disk is full");
      assertThat(store.read(ControlView::auditSize)).isEqualTo(3);
      assertThat(trail.status().refusing()).isFalse();

      tiles.broken = false;
      await(() -> trail.status().integrated() == 3);
      append(audited, "again");
      await(() -> trail.status().integrated() == 4 && trail.status().trouble().isEmpty());
    }
  }

  @Test
  void nothingIsSignedOverADatabaseThatWasPutBack() throws IOException {
    Path data = folder.resolve("data");
    new ControlPlane(data).close();
    Path old = Files.copy(data.resolve("control.db"), folder.resolve("old.db"));
    try (ControlPlane plane = new ControlPlane(data)) {
      register(plane, 1);
    }
    byte[] signed = Files.readAllBytes(data.resolve("audit/checkpoint"));
    Files.move(old, data.resolve("control.db"), StandardCopyOption.REPLACE_EXISTING);

    try (ControlPlane plane = new ControlPlane(data)) {
      await(() -> plane.trail.status().refusing());
      assertThat(plane.trail.status().trouble())
          .contains("the database has 0 entries (expected: at least 1, which were signed)");
    }
    assertThat(data.resolve("audit/checkpoint")).hasBinaryContent(signed);
  }

  private AuditTrail trail(SqliteControlStore store, BreakableTiles tiles) {
    CommittedLeaves leaves = new CommittedLeaves(store);
    SigningKey key =
        SigningKey.of("test/log", SignatureType.ED25519, new byte[SigningKey.SEED_BYTES]);
    LastCheckpointFile kept = new LastCheckpointFile(folder.resolve("kept"));
    return new AuditTrail(
        new AuditLog(leaves, tiles, kept, key, InstantSource.system()), tiles, leaves, NARROW);
  }

  private static void append(AuditedControlStore store, String name) {
    AuditEntry entry =
        AuditEntry.of(ControlPlane.LOCAL, "test.done", new Subject("test", name), Instant.EPOCH);
    store.commit(work -> work.append(entry));
  }

  private ModelRef register(ControlPlane plane, int weight) throws IOException {
    return plane
        .registry
        .register(ControlPlane.LOCAL, "fraud", model(weight), false)
        .version()
        .ref();
  }

  private Path model(int weight) throws IOException {
    return LinearEngine.write(Files.createTempDirectory(folder, "m"), weight);
  }

  private static void execute(Path data, String sql) {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + data.resolve("control.db"));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited 20 s");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  /** Tiles on a disk that is full whenever a test says so. */
  private static final class BreakableTiles implements TileStore {
    private final FolderTileStore tiles;
    private volatile boolean broken;

    BreakableTiles(FolderTileStore tiles) {
      this.tiles = tiles;
    }

    @Override
    public Optional<byte[]> read(LogPath path) {
      return tiles.read(path);
    }

    @Override
    public void write(LogPath path, byte[] bytes) {
      if (broken) {
        throw new SlipwayException(ErrorCode.STORE_UNAVAILABLE, "the disk is full");
      }
      tiles.write(path, bytes);
    }

    @Override
    public void sync() {
      tiles.sync();
    }

    @Override
    public void removePartials(LogPath full) {
      tiles.removePartials(full);
    }
  }
}
