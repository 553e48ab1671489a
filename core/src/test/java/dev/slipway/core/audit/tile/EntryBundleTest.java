package dev.slipway.core.audit.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.slipway.core.audit.tree.TreeHash;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class EntryBundleTest {
  @Test
  void eachEntryFollowsItsLength() {
    EntryBundle bundle = new EntryBundle(List.of(new byte[] {1, 2, 3}, new byte[0], new byte[258]));

    byte[] bytes = bundle.toBytes();

    assertThat(Arrays.copyOf(bytes, 9)).containsExactly(0, 3, 1, 2, 3, 0, 0, 1, 2);
    assertThat(bytes).hasSize(2 + 3 + 2 + 2 + 258);
    assertThat(EntryBundle.parse(new LogPath.OfBundle(0, 3), bytes).entries())
        .usingElementComparator(Arrays::compare)
        .isEqualTo(bundle.entries());
    assertThat(bundle.hashed().hashes().get(1)).isEqualTo(TreeHash.ofLeaf(new byte[0]));
  }

  @Test
  void longestEntryFitsAndALongerOneIsRefused() {
    EntryBundle bundle = new EntryBundle(List.of(new byte[EntryBundle.ENTRY_BYTES_MAX]));
    assertThat(EntryBundle.parse(new LogPath.OfBundle(7, 1), bundle.toBytes()).entries().getFirst())
        .hasSize(65_535);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EntryBundle(List.of(new byte[65_536])))
        .withMessage("entry: 65536 bytes (expected: at most 65535)");
  }

  @Test
  void aBundleOfAnotherWidthIsRefused() {
    byte[] bytes = new EntryBundle(List.of(new byte[] {1}, new byte[] {2})).toBytes();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> EntryBundle.parse(new LogPath.OfBundle(0, 1), bytes))
        .withMessage("tile/entries/000.p/1: 1 entries and 3 bytes more (expected: 1 entries)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EntryBundle.parse(new LogPath.OfBundle(0, 3), bytes))
        .withMessage("tile/entries/000.p/3: 2 entries and 0 bytes more (expected: 3 entries)");
  }

  @Test
  void aTileOfAnotherLengthIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tile.parse(new LogPath.OfTile(0, 0, 2), new byte[65]))
        .withMessage("tile/0/000.p/2: 65 bytes (expected: 64)");
  }

  @Property(tries = 200)
  void anyBytesGiveWholeEntriesAndARest(@ForAll @Size(max = 2000) byte[] bytes) {
    EntryBundle.Prefix prefix = EntryBundle.parsePrefix(256, bytes);

    int read = prefix.entries().stream().mapToInt(entry -> 2 + entry.length).sum();
    assertThat(read + prefix.bytesLeft()).isEqualTo(bytes.length);
  }
}
