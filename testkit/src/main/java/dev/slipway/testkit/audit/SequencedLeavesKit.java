package dev.slipway.testkit.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.slipway.core.audit.log.SequencedLeaves;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link SequencedLeaves} must do. A subclass says how leaves are committed. */
public abstract class SequencedLeavesKit {
  /** The leaves under test, none of them committed yet; the same in every call of a test. */
  protected abstract SequencedLeaves leaves();

  /** Commits a leaf under the next number. */
  protected abstract void commit(byte[] leaf);

  @Test
  void aNewSourceHasNone() {
    assertThat(leaves().count()).isZero();
    assertThat(leaves().read(0, 0)).isEmpty();
  }

  @Test
  void leavesAreReadInTheOrderOfTheirCommit() {
    List<byte[]> committed = commitNumbered(300);

    assertThat(leaves().count()).isEqualTo(300);
    for (int from : new int[] {0, 1, 255, 256, 299, 300}) {
      for (int to : new int[] {from, 300}) {
        assertThat(leaves().read(from, to))
            .as("%d to %d", from, to)
            .usingElementComparator(Arrays::compare)
            .isEqualTo(committed.subList(from, to));
      }
    }
  }

  @Test
  void largestLeafIsKept() {
    byte[] largest = new byte[65_535];
    Arrays.fill(largest, (byte) 7);

    commit(largest);

    assertThat(leaves().read(0, 1)).singleElement().isEqualTo(largest);
  }

  @Test
  void equalLeavesAreTwoLeaves() {
    commit("same".getBytes(UTF_8));
    commit("same".getBytes(UTF_8));

    assertThat(leaves().count()).isEqualTo(2);
    assertThat(leaves().read(0, 2)).allMatch(leaf -> new String(leaf, UTF_8).equals("same"));
  }

  @Test
  void rangesBeyondTheLastLeafAreRefused() {
    commitNumbered(3);

    assertThatIllegalArgumentException().isThrownBy(() -> leaves().read(0, 4));
    assertThatIllegalArgumentException().isThrownBy(() -> leaves().read(2, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> leaves().read(-1, 1));
  }

  private List<byte[]> commitNumbered(int count) {
    List<byte[]> leaves = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] leaf = ("leaf " + i).getBytes(UTF_8);
      leaves.add(leaf);
      commit(leaf);
    }
    return leaves;
  }
}
