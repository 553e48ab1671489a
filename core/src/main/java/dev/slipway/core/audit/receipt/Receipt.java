package dev.slipway.core.audit.receipt;

import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import dev.slipway.core.audit.encoding.Decimal;
import dev.slipway.core.audit.encoding.StrictBase64;
import dev.slipway.core.audit.encoding.StrictUtf8;
import dev.slipway.core.audit.tree.InclusionProof;
import dev.slipway.core.audit.tree.TreeHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Where an entry is in the log, and a signed checkpoint of a tree that has it there.
 *
 * @param proof for the tree of the checkpoint
 * @param extra bytes that nothing vouches for; usually none
 */
public record Receipt(InclusionProof proof, SignedCheckpoint checkpoint, byte[] extra) {
  /** Longest receipt that is read. */
  public static final int BYTES_MAX = 1_100_000;

  private static final String HEADER = "c2sp.org/tlog-proof@v1";
  private static final String EXTRA = "extra ";
  private static final String INDEX = "index ";

  public Receipt {
    if (proof.size() != checkpoint.checkpoint().size()) {
      throw new IllegalArgumentException(
          "receipt: a proof for size %d (expected: %d, the checkpoint's)"
              .formatted(proof.size(), checkpoint.checkpoint().size()));
    }
    extra = extra.clone();
  }

  @Override
  public byte[] extra() {
    return extra.clone();
  }

  /** Whether {@code entry} is at the index of the checkpoint's tree; says nothing of signatures. */
  public boolean includes(byte[] entry) {
    return proof.proves(TreeHash.ofLeaf(entry), checkpoint.checkpoint().root());
  }

  /**
   * Reads a receipt.
   *
   * @throws IllegalArgumentException if it is malformed
   */
  public static Receipt parse(byte[] bytes) {
    if (bytes.length > BYTES_MAX) {
      throw new IllegalArgumentException(
          "receipt: %d bytes (expected: at most %d)".formatted(bytes.length, BYTES_MAX));
    }
    String text = StrictUtf8.decode("receipt", bytes);
    int blank = text.indexOf("\n\n");
    if (blank < 0) {
      throw new IllegalArgumentException(
          "receipt: no empty line (expected: one before the checkpoint)");
    }
    String[] head = text.substring(0, blank).split("\n", -1);
    int line = 0;
    if (!head[line++].equals(HEADER)) {
      throw new IllegalArgumentException("receipt (expected: %s as its start)".formatted(HEADER));
    }
    byte[] extra = {};
    if (line < head.length && head[line].startsWith(EXTRA)) {
      extra = StrictBase64.decode("extra", head[line++].substring(EXTRA.length()));
      if (extra.length == 0) {
        throw new IllegalArgumentException("receipt: extra data of no bytes (expected: no line)");
      }
    }
    if (line == head.length || !head[line].startsWith(INDEX)) {
      throw new IllegalArgumentException("receipt (expected: 'index N')");
    }
    long index = Decimal.parse("index", head[line++].substring(INDEX.length()));
    if (head.length - line > InclusionProof.PATH_MAX) {
      throw new IllegalArgumentException(
          "receipt: %d hashes (expected: at most %d)"
              .formatted(head.length - line, InclusionProof.PATH_MAX));
    }
    List<TreeHash> path = new ArrayList<>();
    for (; line < head.length; line++) {
      path.add(TreeHash.parseBase64("hash", head[line]));
    }
    SignedCheckpoint checkpoint =
        SignedCheckpoint.parse(StrictUtf8.encode("receipt", text.substring(blank + 2)));
    return new Receipt(
        new InclusionProof(index, checkpoint.checkpoint().size(), path), checkpoint, extra);
  }

  /** The receipt as it is stored, in a file called {@code *.tlog-proof}. */
  public byte[] toBytes() {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    if (extra.length > 0) {
      text.append(EXTRA).append(StrictBase64.encode(extra)).append('\n');
    }
    text.append(INDEX).append(proof.index()).append('\n');
    proof.path().forEach(hash -> text.append(hash.toBase64()).append('\n'));
    text.append('\n');
    text.append(StrictUtf8.decode("checkpoint", checkpoint.toBytes()));
    return StrictUtf8.encode("receipt", text);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Receipt receipt
        && proof.equals(receipt.proof)
        && checkpoint.equals(receipt.checkpoint)
        && Arrays.equals(extra, receipt.extra);
  }

  @Override
  public int hashCode() {
    return Objects.hash(proof, checkpoint, Arrays.hashCode(extra));
  }
}
