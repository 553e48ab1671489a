package dev.slipway.core.audit.checkpoint;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Which witnesses one believes, and how many of them must have cosigned.
 *
 * @param witnesses keys of types with a time, no two with the same public key
 * @param required from 0, which asks for none, to their number
 */
public record WitnessQuorum(List<VerifierKey> witnesses, int required) {
  /** Asks for no witness. */
  public static final WitnessQuorum NONE = new WitnessQuorum(List.of(), 0);

  public WitnessQuorum {
    witnesses = List.copyOf(witnesses);
    if (required < 0 || required > witnesses.size()) {
      throw new IllegalArgumentException(
          "witnesses required: %d (expected: from 0 to %d)".formatted(required, witnesses.size()));
    }
    Set<String> publicKeys = new HashSet<>();
    for (VerifierKey witness : witnesses) {
      if (!witness.type().isTimed()) {
        throw new IllegalArgumentException(
            "witness %s: type 0x%02x (expected: 0x04 or 0x06)"
                .formatted(witness, witness.type().code()));
      }
      // The same key under two names would count twice.
      if (!publicKeys.add(HexFormat.of().formatHex(witness.publicKey()))) {
        throw new IllegalArgumentException(
            "witness %s: its public key is another's too".formatted(witness));
      }
    }
  }

  /**
   * The witnesses that cosigned.
   *
   * @throws IllegalArgumentException if a signature claims to be of one of them and is not valid
   */
  public List<VerifierKey> cosigners(SignedNote note) {
    List<VerifierKey> cosigners = new ArrayList<>();
    note.verifiedBy(witnesses).forEach(verified -> cosigners.add(verified.key()));
    return cosigners;
  }
}
