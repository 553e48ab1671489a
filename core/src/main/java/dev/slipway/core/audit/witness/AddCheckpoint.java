package dev.slipway.core.audit.witness;

import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import dev.slipway.core.audit.encoding.Decimal;
import dev.slipway.core.audit.encoding.StrictUtf8;
import dev.slipway.core.audit.tree.ConsistencyProof;
import dev.slipway.core.audit.tree.TreeHash;
import java.util.ArrayList;
import java.util.List;

/**
 * The body of a request to cosign.
 *
 * @param oldSize of the checkpoint that the witness cosigned last; 0 for none
 * @param path the consistency proof from there to the checkpoint
 */
public record AddCheckpoint(long oldSize, List<TreeHash> path, SignedCheckpoint checkpoint) {
  /** Longest body that is read. */
  public static final int BYTES_MAX = 128 * 1024;

  private static final String OLD = "old ";

  public AddCheckpoint {
    if (oldSize < 0) {
      throw new IllegalArgumentException("old size: %d (expected: >= 0)".formatted(oldSize));
    }
    path = List.copyOf(path);
    if (path.size() > ConsistencyProof.PATH_MAX) {
      throw new IllegalArgumentException(
          "proof: %d hashes (expected: at most %d)"
              .formatted(path.size(), ConsistencyProof.PATH_MAX));
    }
  }

  /**
   * Reads a body.
   *
   * @throws IllegalArgumentException if it is malformed
   */
  public static AddCheckpoint parse(byte[] body) {
    if (body.length > BYTES_MAX) {
      throw new IllegalArgumentException(
          "request: %d bytes (expected: at most %d)".formatted(body.length, BYTES_MAX));
    }
    String text = StrictUtf8.decode("request", body);
    int blank = text.indexOf("\n\n");
    if (blank < 0 || !text.startsWith(OLD)) {
      throw new IllegalArgumentException(
          "request (expected: 'old N', a proof, an empty line and a checkpoint)");
    }
    String[] head = text.substring(0, blank).split("\n", -1);
    List<TreeHash> path = new ArrayList<>();
    for (int line = 1; line < head.length; line++) {
      path.add(TreeHash.parseBase64("hash", head[line]));
    }
    return new AddCheckpoint(
        Decimal.parse("old size", head[0].substring(OLD.length())),
        path,
        SignedCheckpoint.parse(StrictUtf8.encode("note", text.substring(blank + 2))));
  }

  /** The body. */
  public byte[] toBytes() {
    StringBuilder text = new StringBuilder(OLD).append(oldSize).append('\n');
    path.forEach(hash -> text.append(hash.toBase64()).append('\n'));
    text.append('\n').append(StrictUtf8.decode("note", checkpoint.toBytes()));
    return StrictUtf8.encode("request", text);
  }
}
