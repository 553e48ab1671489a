package dev.slipway.testkit.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import dev.slipway.core.audit.checkpoint.WitnessQuorum;
import dev.slipway.core.audit.tile.LogPath;
import dev.slipway.core.audit.verify.AuditReport;
import dev.slipway.core.audit.verify.AuditVerifier;
import dev.slipway.core.audit.verify.Trust;
import dev.slipway.store.audit.AuditLog;
import dev.slipway.store.audit.FolderTileSource;
import dev.slipway.store.audit.FolderTileStore;
import dev.slipway.store.audit.LastCheckpoint;
import dev.slipway.store.audit.LastCheckpointFile;
import dev.slipway.store.audit.TileStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stops the machine before every single operation of the write path, and lets it forget any part of
 * what was not synced. Afterwards the log must go on, and continue all that was ever shown.
 */
class AuditLogCrashTest {
  @TempDir Path folder;

  @Test
  void aCrashBeforeAnyOperationLosesNothingAndRepeatsHarmlessly() {
    long seed = 20261125;
    Random random = new Random(seed);
    int crashes = 0;
    for (int[] sizes :
        new int[][] {{0, 3}, {3, 5}, {250, 256}, {255, 258}, {256, 600}, {600, 601}}) {
      for (int operation = 0; ; operation++) {
        Path root = folder.resolve("%d-%d-%d".formatted(sizes[0], sizes[1], operation));
        MemoryLeaves leaves = MemoryLeaves.of(sizes[0]);
        SignedCheckpoint before = TestLog.open(root, leaves).integrate();
        leaves.append(sizes[1] - sizes[0]);
        Machine machine = new Machine(root, operation, random);
        boolean crashed = false;
        try {
          machine.log(leaves).integrate();
        } catch (Crash e) {
          crashed = true;
          crashes++;
        }
        List<SignedCheckpoint> shown = new ArrayList<>(List.of(before));
        AuditLog after = TestLog.open(root, leaves);
        after.published().ifPresent(shown::add);
        // Whoever reads between crash and restart sees a whole log.
        assertIntact(root, shown, "seed %d, %s, read after the crash".formatted(seed, root));

        leaves.append(1);
        shown.add(after.integrate());

        AuditReport report = assertIntact(root, shown, "seed %d, %s".formatted(seed, root));
        assertThat(report.entriesRead()).isEqualTo(sizes[1] + 1);
        if (!crashed) {
          break;
        }
      }
    }
    System.out.printf("seed %d: %d crashes%n", seed, crashes);
    assertThat(crashes).isGreaterThan(50);
  }

  private static AuditReport assertIntact(Path root, List<SignedCheckpoint> shown, String what) {
    AuditReport report =
        AuditVerifier.verify(
            new FolderTileSource(root.resolve("tiles")),
            new Trust(TestLog.KEY.verifier(), WitnessQuorum.NONE, shown, List.of()),
            (read, of) -> {});
    assertThat(report.findings()).as(what).isEmpty();
    return report;
  }

  private static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Counts operations, and before a chosen one loses power. */
  private static final class Machine implements TileStore, LastCheckpoint {
    private final Path tiles;
    private final TileStore store;
    private final LastCheckpoint kept;
    private final Random random;
    private final List<Unsynced> unsynced = new ArrayList<>();
    private int left;

    /** A file as it was before it was written. */
    private record Unsynced(Path file, byte @Nullable [] before) {}

    Machine(Path root, int operations, Random random) {
      this.tiles = root.resolve("tiles");
      this.store = new FolderTileStore(tiles);
      this.kept = new LastCheckpointFile(root.resolve("kept"));
      this.left = operations;
      this.random = random;
    }

    AuditLog log(MemoryLeaves leaves) {
      return new AuditLog(leaves, this, this, TestLog.KEY, InstantSource.fixed(TestLog.NOON));
    }

    private void operate() {
      if (left-- == 0) {
        losePower();
        throw new Crash();
      }
    }

    private void losePower() {
      for (Unsynced write : unsynced.reversed()) {
        if (random.nextBoolean()) {
          try {
            if (write.before == null) {
              Files.delete(write.file);
            } else {
              Files.write(write.file, write.before);
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      }
    }

    @Override
    public Optional<byte[]> read(LogPath path) {
      return store.read(path);
    }

    @Override
    public void write(LogPath path, byte[] bytes) {
      operate();
      unsynced.add(new Unsynced(tiles.resolve(path.text()), store.read(path).orElse(null)));
      store.write(path, bytes);
    }

    @Override
    public void sync() {
      operate();
      store.sync();
      unsynced.clear();
    }

    @Override
    public void removePartials(LogPath full) {
      operate();
      store.removePartials(full);
    }

    @Override
    public Optional<SignedCheckpoint> read() {
      return kept.read();
    }

    @Override
    public void write(SignedCheckpoint checkpoint) {
      operate();
      kept.write(checkpoint);
    }
  }
}
