package dev.slipway.core.audit.checkpoint;

import dev.slipway.core.audit.encoding.StrictUtf8;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A text and the signatures under it (c2sp.org/signed-note). The text means nothing before {@link
 * #verifiedBy} found the signature of a key one trusts.
 *
 * @param text ends with a line feed
 * @param signatures from 1 to {@link #SIGNATURES_MAX}
 */
public record SignedNote(String text, List<NoteSignature> signatures) {
  /** Longest note that is read, with its signatures. */
  public static final int BYTES_MAX = 1_000_000;

  /** Most signatures. */
  public static final int SIGNATURES_MAX = 100;

  public SignedNote {
    if (!text.endsWith("\n") || text.chars().anyMatch(unit -> unit < 0x20 && unit != '\n')) {
      throw new IllegalArgumentException(
          "note: (expected: text without control characters that ends with a line feed)");
    }
    signatures = List.copyOf(signatures);
    if (signatures.isEmpty() || signatures.size() > SIGNATURES_MAX) {
      throw new IllegalArgumentException(
          "note: %d signatures (expected: from 1 to %d)"
              .formatted(signatures.size(), SIGNATURES_MAX));
    }
  }

  /**
   * Reads a note.
   *
   * @throws IllegalArgumentException if it is malformed
   */
  public static SignedNote parse(byte[] bytes) {
    if (bytes.length > BYTES_MAX) {
      throw new IllegalArgumentException(
          "note: %d bytes (expected: at most %d)".formatted(bytes.length, BYTES_MAX));
    }
    String note = StrictUtf8.decode("note", bytes);
    int blank = note.lastIndexOf("\n\n");
    if (blank < 0 || !note.endsWith("\n") || blank + 2 == note.length()) {
      throw new IllegalArgumentException(
          "note: no signatures (expected: a text, an empty line and signature lines)");
    }
    return new SignedNote(note.substring(0, blank + 1), parseSignatures(note.substring(blank + 2)));
  }

  /**
   * Reads signature lines, as a witness answers with.
   *
   * @throws IllegalArgumentException if a line is not one, or there are too many
   */
  public static List<NoteSignature> parseSignatures(String lines) {
    if (!lines.endsWith("\n")) {
      throw new IllegalArgumentException("signatures: the last line is not ended");
    }
    List<NoteSignature> signatures = new ArrayList<>();
    for (String line : lines.substring(0, lines.length() - 1).split("\n", -1)) {
      if (signatures.size() == SIGNATURES_MAX) {
        throw new IllegalArgumentException(
            "note: more signatures (expected: at most %d)".formatted(SIGNATURES_MAX));
      }
      signatures.add(NoteSignature.parse(line));
    }
    return signatures;
  }

  /** The note as it is stored and sent. */
  public byte[] toBytes() {
    StringBuilder note = new StringBuilder(text).append('\n');
    signatures.forEach(signature -> note.append(signature.line()));
    return StrictUtf8.encode("note", note);
  }

  /** This note with further signatures; one of a key that had signed before takes its place. */
  public SignedNote with(Collection<NoteSignature> further) {
    List<NoteSignature> all = new ArrayList<>(signatures);
    for (NoteSignature signature : further) {
      all.removeIf(
          known ->
              known.keyName().equals(signature.keyName())
                  && known.keyId().equals(signature.keyId()));
      all.add(signature);
    }
    return new SignedNote(text, all);
  }

  /**
   * The signatures of known keys; those of others are ignored.
   *
   * @return one for each key at most, in the order of the note; empty if none of the keys signed
   * @throws IllegalArgumentException if a signature claims to be of a known key and is not: then
   *     somebody changed the note
   */
  public List<Verified> verifiedBy(Collection<VerifierKey> keys) {
    List<Verified> verified = new ArrayList<>();
    Set<VerifierKey> seen = new HashSet<>();
    for (NoteSignature signature : signatures) {
      for (VerifierKey key : keys) {
        if (signature.isOf(key) && seen.add(key)) {
          if (!key.verifies(text, signature)) {
            throw new IllegalArgumentException(
                "note: the signature of %s is not valid".formatted(key));
          }
          verified.add(new Verified(key, signature, key.timeSeconds(signature)));
        }
      }
    }
    return verified;
  }

  /**
   * A valid signature.
   *
   * @param timeSeconds when it was made, in seconds since 1970, if its type says so
   */
  public record Verified(VerifierKey key, NoteSignature signature, OptionalLong timeSeconds) {}
}
