package dev.slipway.core.audit.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MerkleTreeTest {
  /** Leaves and roots of transparency-dev/merkle, testonly/constants.go. */
  private static final List<byte[]> LEAVES =
      List.of(
          hex(""),
          hex("00"),
          hex("10"),
          hex("2021"),
          hex("3031"),
          hex("40414243"),
          hex("5051525354555657"),
          hex("606162636465666768696a6b6c6d6e6f"));

  private static final List<String> ROOTS =
      List.of(
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
          "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
          "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
          "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
          "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
          "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

  private static final int SIZE_MAX = 70;

  @Test
  void publishedLeavesHaveTheirPublishedRoots() {
    CompactRange range = new CompactRange();
    assertThat(range.root()).hasToString(ROOTS.get(0));
    for (int i = 0; i < LEAVES.size(); i++) {
      range.append(TreeHash.ofLeaf(LEAVES.get(i)));
      assertThat(range.root()).hasToString(ROOTS.get(i + 1));
    }
  }

  /** transparency-dev/merkle, testdata/inclusion/0 to 4, happy-path.json. */
  @ParameterizedTest
  @CsvSource({
    "0, 1, ''",
    "0, 8, lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c="
        + " Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4="
        + " a0eq8p7jwq+a+Im8H7klTavTEXfxYjLdaqsDXKOb9uQ=",
    "5, 8, vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms="
        + " yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA="
        + " 037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=",
    "2, 3, +sVCA+fMaWzw38tCySodnbr3CtnmIfS9jZhmLwDjwSU=",
    "1, 5, bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0="
        + " Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4="
        + " vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms="
  })
  void publishedInclusionProofsAreMadeAndAccepted(int index, int size, String path) {
    InclusionProof proof = InclusionProof.create(index, size, nodes(LEAVES));

    assertThat(proof.path()).isEqualTo(hashes(path));
    assertThat(proof.proves(TreeHash.ofLeaf(LEAVES.get(index)), root(size))).isTrue();
  }

  /** transparency-dev/merkle, testdata/consistency/0 to 4, happy-path.json. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, ''",
    "1, 8, lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c="
        + " Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4="
        + " a0eq8p7jwq+a+Im8H7klTavTEXfxYjLdaqsDXKOb9uQ=",
    "6, 8, DrxdNDf74tsVi58Sah0RjjCBgQMdCpSfje3t68VY72o="
        + " yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA="
        + " 037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=",
    "2, 5, Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4="
        + " vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=",
    "6, 7, DrxdNDf74tsVi58Sah0RjjCBgQMdCpSfje3t68VY72o="
        + " sIaT7C5yFZcTBkHoIR5+7cy0wmQTlj7ubB4u0W/7Gl8="
        + " 037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc="
  })
  void publishedConsistencyProofsAreMadeAndAccepted(int oldSize, int newSize, String path) {
    ConsistencyProof proof = ConsistencyProof.create(oldSize, newSize, nodes(LEAVES));

    assertThat(proof.path()).isEqualTo(hashes(path));
    assertThat(proof.proves(root(oldSize), root(newSize))).isTrue();
  }

  @Test
  void everyInclusionProofOfSmallTreesIsAcceptedAndNoDamagedOneIs() {
    List<byte[]> leaves = numbered(SIZE_MAX);
    NodeSource nodes = nodes(leaves);
    for (int size = 1; size <= SIZE_MAX; size++) {
      TreeHash root = naiveRoot(leaves.subList(0, size));
      assertThat(nodes.root(size)).isEqualTo(root);
      for (int index = 0; index < size; index++) {
        InclusionProof proof = InclusionProof.create(index, size, nodes);
        TreeHash leaf = TreeHash.ofLeaf(leaves.get(index));
        assertThat(proof.proves(leaf, root)).as("%d of %d", index, size).isTrue();
        assertThat(proof.proves(TreeHash.EMPTY_ROOT, root)).isFalse();
        assertThat(proof.proves(leaf, TreeHash.EMPTY_ROOT)).isFalse();
        for (List<TreeHash> damaged : damaged(proof.path(), root, leaf)) {
          assertThat(new InclusionProof(index, size, damaged).proves(leaf, root)).isFalse();
        }
        for (int other = 0; other < size; other++) {
          assertThat(new InclusionProof(other, size, proof.path()).proves(leaf, root))
              .as("the proof of %d for %d of %d", index, other, size)
              .isEqualTo(other == index);
        }
      }
    }
  }

  @Test
  void everyConsistencyProofOfSmallTreesIsAcceptedAndNoDamagedOneIs() {
    List<byte[]> leaves = numbered(SIZE_MAX);
    NodeSource nodes = nodes(leaves);
    for (int newSize = 0; newSize <= SIZE_MAX; newSize++) {
      TreeHash newRoot = naiveRoot(leaves.subList(0, newSize));
      for (int oldSize = 0; oldSize <= newSize; oldSize++) {
        TreeHash oldRoot = naiveRoot(leaves.subList(0, oldSize));
        ConsistencyProof proof = ConsistencyProof.create(oldSize, newSize, nodes);
        assertThat(proof.proves(oldRoot, newRoot)).as("%d to %d", oldSize, newSize).isTrue();
        TreeHash other = TreeHash.ofLeaf(new byte[] {1});
        assertThat(proof.proves(other, newRoot)).isFalse();
        if (oldSize > 0) { // Every tree continues the empty one.
          assertThat(proof.proves(oldRoot, other)).isFalse();
        }
        for (List<TreeHash> damaged : damaged(proof.path(), newRoot, oldRoot)) {
          assertThat(new ConsistencyProof(oldSize, newSize, damaged).proves(oldRoot, newRoot))
              .isFalse();
        }
      }
    }
  }

  @Test
  void aRangeIsResumedFromTheNodesOfItsTree() {
    List<byte[]> leaves = numbered(SIZE_MAX);
    for (int size = 0; size < SIZE_MAX; size++) {
      CompactRange range = CompactRange.of(size, nodes(leaves));
      assertThat(range.root()).isEqualTo(naiveRoot(leaves.subList(0, size)));
      for (int i = size; i < SIZE_MAX; i++) {
        range.append(TreeHash.ofLeaf(leaves.get(i)));
      }
      assertThat(range.size()).isEqualTo(SIZE_MAX);
      assertThat(range.root()).isEqualTo(naiveRoot(leaves));
    }
  }

  @Test
  void sizesAndIndicesOutsideTheTreeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InclusionProof.create(8, 8, nodes(LEAVES)))
        .withMessage("index: 8 (expected: from 0 to 7)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConsistencyProof.create(9, 8, nodes(LEAVES)))
        .withMessage("old size: 9 (expected: from 0 to 8)");
  }

  /** Changes that transparency-dev/merkle's testdata makes to good proofs. */
  private static List<List<TreeHash>> damaged(List<TreeHash> path, TreeHash a, TreeHash b) {
    List<List<TreeHash>> damaged = new ArrayList<>();
    for (TreeHash extra : List.of(a, b, TreeHash.EMPTY_ROOT)) {
      damaged.add(inserted(path, 0, extra));
      damaged.add(inserted(path, path.size(), extra));
    }
    for (int i = 0; i < path.size(); i++) {
      List<TreeHash> removed = new ArrayList<>(path);
      removed.remove(i);
      damaged.add(removed);
      byte[] bytes = path.get(i).toBytes();
      bytes[i % 32] ^= 1;
      List<TreeHash> flipped = new ArrayList<>(path);
      flipped.set(i, TreeHash.of(bytes));
      damaged.add(flipped);
    }
    return damaged;
  }

  private static List<TreeHash> inserted(List<TreeHash> path, int at, TreeHash hash) {
    List<TreeHash> longer = new ArrayList<>(path);
    longer.add(at, hash);
    return longer;
  }

  private static TreeHash root(int size) {
    return TreeHash.of(hex(ROOTS.get(size)));
  }

  /** RFC 6962, section 2.1, word by word. */
  private static TreeHash naiveRoot(List<byte[]> leaves) {
    if (leaves.isEmpty()) {
      return TreeHash.EMPTY_ROOT;
    }
    if (leaves.size() == 1) {
      return TreeHash.ofLeaf(leaves.getFirst());
    }
    int split = 1;
    while (split * 2 < leaves.size()) {
      split *= 2;
    }
    return TreeHash.ofNode(
        naiveRoot(leaves.subList(0, split)), naiveRoot(leaves.subList(split, leaves.size())));
  }

  private static NodeSource nodes(List<byte[]> leaves) {
    return (level, index) -> {
      int start = Math.toIntExact(index << level);
      return naiveRoot(leaves.subList(start, start + (1 << level)));
    };
  }

  private static List<byte[]> numbered(int count) {
    List<byte[]> leaves = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      leaves.add(ByteBuffer.allocate(4).putInt(i).array());
    }
    return leaves;
  }

  private static List<TreeHash> hashes(String base64) {
    List<TreeHash> hashes = new ArrayList<>();
    for (String text : base64.strip().split(" +", -1)) {
      if (!text.isEmpty()) {
        hashes.add(TreeHash.parseBase64("hash", text));
      }
    }
    return hashes;
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
