package dev.slipway.core.audit.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogPathTest {
  /** The index of c2sp.org/tlog-tiles, and those of golang.org/x/mod/sumdb/tlog in height 8. */
  @Test
  void publishedNamesAreWrittenAndRead() {
    assertNamed(new LogPath.OfTile(0, 1234067, 256), "tile/0/x001/x234/067");
    assertNamed(new LogPath.OfTile(0, 1, 256), "tile/0/001");
    assertNamed(new LogPath.OfTile(0, 1, 5), "tile/0/001.p/5");
    assertNamed(new LogPath.OfTile(5, 123456078, 256), "tile/5/x123/x456/078");
    assertNamed(new LogPath.OfTile(5, 123456078, 2), "tile/5/x123/x456/078.p/2");
    assertNamed(new LogPath.OfBundle(3057500, 256), "tile/entries/x003/x057/500");
    assertNamed(new LogPath.OfBundle(0, 255), "tile/entries/000.p/255");
    assertNamed(new LogPath.OfCheckpoint(), "checkpoint");
    assertNamed(new LogPath.OfKey(), "log.vkey");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "checkpoint/",
        "tile",
        "tile/0",
        "tile/0/",
        "tile/0/1",
        "tile/0/0001",
        "tile/0/x001",
        "tile/0/000/001",
        "tile/0/x000/001",
        "tile/00/001",
        "tile/8/001",
        "tile/-1/001",
        "tile/+1/001",
        "tile/data/001",
        "tile/5/123/456/078",
        "tile/0/001.p",
        "tile/0/001.p/",
        "tile/0/001.p/0",
        "tile/0/001.p/05",
        "tile/0/001.p/256",
        "tile/0/001.p/5/6",
        "tile/0/001.p/5.p/6",
        "tile/0/xx01/001",
        "tile/0/+01",
        "tile/0/٠٠١",
        "tile/0/../checkpoint",
        "/tile/0/001",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999"
      })
  void whatIsNotTheOneNameOfAFileIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> LogPath.parse(text));
  }

  @Property(tries = 500)
  void everyTileHasOneName(
      @ForAll @IntRange(max = 7) int level,
      @ForAll @LongRange(min = 0) long index,
      @ForAll @IntRange(min = 1, max = 256) int width) {
    assertNamed(
        new LogPath.OfTile(level, index, width), new LogPath.OfTile(level, index, width).text());
    assertNamed(new LogPath.OfBundle(index, width), new LogPath.OfBundle(index, width).text());
  }

  /** The examples of c2sp.org/tlog-tiles: trees of 70,000 and of 256 leaves. */
  @Test
  void treesHaveTheFilesThatTheSpecificationCounts() {
    assertThat(TreeShape.levels(70_000)).isEqualTo(3);
    assertThat(TreeShape.tiles(70_000, 0)).isEqualTo(274);
    assertThat(TreeShape.width(70_000, 0, 272)).isEqualTo(256);
    assertThat(TreeShape.width(70_000, 0, 273)).isEqualTo(112);
    assertThat(TreeShape.width(70_000, 0, 274)).isZero();
    assertThat(TreeShape.width(70_000, 1, 0)).isEqualTo(256);
    assertThat(TreeShape.width(70_000, 1, 1)).isEqualTo(17);
    assertThat(TreeShape.width(70_000, 2, 0)).isEqualTo(1);

    assertThat(TreeShape.levels(256)).isEqualTo(2);
    assertThat(TreeShape.tiles(256, 0)).isEqualTo(1);
    assertThat(TreeShape.width(256, 0, 0)).isEqualTo(256);
    assertThat(TreeShape.width(256, 1, 0)).isEqualTo(1);

    assertThat(TreeShape.levels(0)).isZero();
    assertThat(TreeShape.levels(Long.MAX_VALUE)).isEqualTo(8);
    assertThat(TreeShape.width(Long.MAX_VALUE, 0, Long.MAX_VALUE)).isZero();
  }

  private static void assertNamed(LogPath path, String text) {
    assertThat(path.text()).isEqualTo(text);
    assertThat(LogPath.parse(text)).isEqualTo(path);
  }
}
