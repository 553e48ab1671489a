package dev.slipway.core.audit.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.audit.MemoryLog;
import dev.slipway.core.audit.checkpoint.Checkpoint;
import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import dev.slipway.core.audit.log.Integration.Facts;
import dev.slipway.core.audit.log.Integration.Step;
import dev.slipway.core.audit.tile.LogPath;
import dev.slipway.core.audit.tile.Tile;
import dev.slipway.core.audit.tile.TileReader;
import dev.slipway.core.audit.tree.TreeHash;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IntegrationTest {
  @Test
  void anEmptyLogIsSignedOnce() {
    assertThat(next(null, null, 0)).isEqualTo(new Step.Append(0, 0));
    assertThat(next(null, null, 5)).isEqualTo(new Step.Append(0, 5));
    assertThat(next(signed(0), null, 0)).isEqualTo(new Step.Publish(signed(0)));
    assertThat(next(signed(0), signed(0), 0)).isEqualTo(new Step.Done());
  }

  @Test
  void committedLeavesAreAppendedInBoundedSteps() {
    assertThat(next(signed(5), signed(5), 7)).isEqualTo(new Step.Append(5, 7));
    assertThat(next(signed(5), signed(5), 1_000_000))
        .isEqualTo(new Step.Append(5, 5 + Integration.LEAVES_MAX));
  }

  @Test
  void whatWasSignedBeforeACrashIsPublishedBeforeAnythingElse() {
    assertThat(next(signed(7), signed(5), 9)).isEqualTo(new Step.Publish(signed(7)));
    assertThat(next(signed(7), null, 9)).isEqualTo(new Step.Publish(signed(7)));
  }

  @Test
  void cosignaturesDoNotMakeAnotherCheckpoint() {
    SignedCheckpoint cosigned =
        signed(5).with(List.of(MemoryLog.KEY.sign(signed(5).note().text(), MemoryLog.NOON)));

    assertThat(next(signed(5), cosigned, 5)).isEqualTo(new Step.Done());
  }

  @Test
  void factsThatContradictEachOtherAreRefused() {
    assertRefused(next(null, signed(5), 5), "the last signed one is not kept aside");
    assertRefused(next(signed(4), signed(5), 5), "5 entries is published (expected: at most 4");
    assertRefused(
        next(signed(5), signed(5), 4), "the database has 4 entries (expected: at least 5");
    assertRefused(
        next(signed(5), signed(4), 4), "the database has 4 entries (expected: at least 5");
    SignedCheckpoint other =
        SignedCheckpoint.sign(
            Checkpoint.of("log.example", 5, TreeHash.EMPTY_ROOT), MemoryLog.KEY, MemoryLog.NOON);
    assertRefused(next(signed(5), other, 5), "is not the one that was signed last");
  }

  @Test
  void rowsAreResumedFromTheTilesOfEverySize() {
    for (int size : new int[] {0, 1, 2, 255, 256, 257, 511, 512, 700}) {
      MemoryLog log = MemoryLog.of(size);
      TileRows rows = TileRows.of(new TileReader(log, size));
      assertThat(rows.root()).isEqualTo(log.root());
      assertThat(rows.lastLeaves()).hasSize(size % 256);

      Map<String, byte[]> files = new TreeMap<>(log.files());
      TileRows.Sink sink =
          (LogPath.OfTile path, Tile tile) -> files.put(path.text(), tile.toBytes());
      for (int i = size; i < 900; i++) {
        rows.append(TreeHash.ofLeaf(MemoryLog.entry(i)), sink);
      }
      rows.partial(sink);

      MemoryLog whole = MemoryLog.of(900);
      assertThat(rows.root()).isEqualTo(whole.root());
      assertThat(files.keySet())
          .containsAll(
              whole.files().keySet().stream().filter(name -> name.matches("tile/\\d.*")).toList());
      whole
          .files()
          .forEach(
              (name, bytes) -> {
                if (name.matches("tile/\\d.*")) {
                  assertThat(files.get(name)).as(name).isEqualTo(bytes);
                }
              });
    }
  }

  private static void assertRefused(Step step, String why) {
    assertThat(step)
        .isInstanceOfSatisfying(
            Step.Refuse.class, refuse -> assertThat(refuse.message()).contains(why));
  }

  private static Step next(
      @Nullable SignedCheckpoint kept, @Nullable SignedCheckpoint published, long leaves) {
    return Integration.next(new Facts(kept, published, leaves));
  }

  private static SignedCheckpoint signed(int size) {
    return MemoryLog.of(size).publish(MemoryLog.KEY);
  }
}
