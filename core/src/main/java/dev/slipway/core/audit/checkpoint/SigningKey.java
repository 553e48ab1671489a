package dev.slipway.core.audit.checkpoint;

import dev.slipway.core.audit.encoding.StrictBase64;
import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Arrays;

/**
 * A private key under a name: {@code PRIVATE+KEY+name+id+base64(type || seed)}, the form of
 * golang.org/x/mod/sumdb/note. Signing is deterministic. Thread-safe.
 */
public final class SigningKey {
  /** Length of a seed. */
  public static final int SEED_BYTES = KeyAlgorithm.SEED_BYTES;

  private static final String PREFIX = "PRIVATE+KEY+";

  private final byte[] seed;
  private final KeyPair pair;
  private final VerifierKey verifier;

  private SigningKey(byte[] seed, KeyPair pair, VerifierKey verifier) {
    this.seed = seed;
    this.pair = pair;
    this.verifier = verifier;
  }

  /**
   * The key of a seed.
   *
   * @param seed {@link #SEED_BYTES} bytes from a cryptographic random source
   */
  public static SigningKey of(String name, SignatureType type, byte[] seed) {
    if (seed.length != SEED_BYTES) {
      throw new IllegalArgumentException(
          "seed: %d bytes (expected: %d)".formatted(seed.length, SEED_BYTES));
    }
    KeyPair pair = type.algorithm().keyPair(seed);
    return new SigningKey(
        seed.clone(),
        pair,
        new VerifierKey(name, type, type.algorithm().rawPublicKey(pair.getPublic())));
  }

  /**
   * Reads a private key. No message shows any of it.
   *
   * @throws IllegalArgumentException if it is malformed or its id does not fit
   */
  public static SigningKey parse(String text) {
    String[] parts = text.startsWith(PREFIX) ? text.split("\\+", 5) : new String[0];
    if (parts.length != 5) {
      throw new IllegalArgumentException("private key (expected: PRIVATE+KEY+NAME+ID+BASE64)");
    }
    byte[] typed;
    try {
      typed = StrictBase64.decode("private key", parts[4]);
    } catch (IllegalArgumentException e) {
      // Without the cause, whose message quotes the key.
      throw new IllegalArgumentException("private key: its last part is not base64");
    }
    if (typed.length != 1 + SEED_BYTES) {
      throw new IllegalArgumentException(
          "private key: %d bytes (expected: %d)".formatted(typed.length, 1 + SEED_BYTES));
    }
    SigningKey key =
        of(parts[2], SignatureType.ofCode(typed[0]), Arrays.copyOfRange(typed, 1, typed.length));
    if (!key.verifier.id().equals(parts[3])) {
      throw new IllegalArgumentException("private key: its id does not fit its name and key");
    }
    return key;
  }

  /** The private key as text, for the file that keeps it. */
  public String text() {
    byte[] typed = new byte[1 + SEED_BYTES];
    typed[0] = verifier.type().code();
    System.arraycopy(seed, 0, typed, 1, SEED_BYTES);
    return PREFIX + verifier + "+" + StrictBase64.encode(typed);
  }

  /** The public half. */
  public VerifierKey verifier() {
    return verifier;
  }

  /**
   * Signs the text of a note.
   *
   * @param time what a type with a time states, to the second
   * @throws IllegalArgumentException if the key's type cannot sign such a text
   */
  public NoteSignature sign(String noteText, Instant time) {
    SignatureType type = verifier.type();
    long seconds = time.getEpochSecond();
    if (type.isTimed() && seconds <= 0) {
      throw new IllegalArgumentException("time: %s (expected: after 1970)".formatted(time));
    }
    byte[] message = type.message(verifier.name(), noteText, seconds);
    byte[] signature = type.algorithm().sign(pair, message);
    if (type.isTimed()) {
      signature =
          ByteBuffer.allocate(Long.BYTES + signature.length)
              .putLong(seconds)
              .put(signature)
              .array();
    }
    return new NoteSignature(verifier.name(), verifier.id(), signature);
  }

  /** The public half's name and id; never the private one. */
  @Override
  public String toString() {
    return verifier.toString();
  }
}
