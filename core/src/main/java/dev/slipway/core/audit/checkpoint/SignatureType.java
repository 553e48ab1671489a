package dev.slipway.core.audit.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * How a note is signed: the identifier byte, the key's algorithm, and what exactly is signed. A new
 * type is a new constant here, and nothing else changes.
 */
public enum SignatureType {
  /** Ed25519 over the note's text (c2sp.org/signed-note). */
  ED25519(0x01, KeyAlgorithm.ED25519, false) {
    @Override
    byte[] message(String keyName, String noteText, long timeSeconds) {
      return noteText.getBytes(StandardCharsets.UTF_8);
    }
  },

  /** A witness's Ed25519 signature over a time and the note's text (c2sp.org/tlog-cosignature). */
  COSIGNATURE_ED25519(0x04, KeyAlgorithm.ED25519, true) {
    @Override
    byte[] message(String keyName, String noteText, long timeSeconds) {
      Checkpoint.parse(noteText); // Whatever is no checkpoint is not cosigned.
      return "cosignature/v1\ntime %d\n%s"
          .formatted(timeSeconds, noteText)
          .getBytes(StandardCharsets.UTF_8);
    }
  },

  /**
   * ML-DSA-44 over the signer's name, a time and the tree (c2sp.org/tlog-cosignature); for logs and
   * witnesses alike. Extension lines are not signed, so checkpoints with any are refused.
   */
  COSIGNATURE_ML_DSA_44(0x06, KeyAlgorithm.ML_DSA_44, true) {
    @Override
    byte[] message(String keyName, String noteText, long timeSeconds) {
      Checkpoint checkpoint = Checkpoint.parse(noteText);
      if (!checkpoint.extensions().isEmpty()) {
        throw new IllegalArgumentException(
            "checkpoint: extension lines (expected: none, since ML-DSA-44 does not sign them)");
      }
      try {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream message = new DataOutputStream(bytes);
        message.writeBytes("subtree/v1\n\0");
        writeShortText(message, keyName);
        message.writeLong(timeSeconds);
        writeShortText(message, checkpoint.origin());
        message.writeLong(0);
        message.writeLong(checkpoint.size());
        message.write(checkpoint.root().toBytes());
        return bytes.toByteArray();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  };

  private static final int SHORT_TEXT_BYTES_MAX = 255;

  private final byte code;
  private final KeyAlgorithm algorithm;
  private final boolean timed;

  SignatureType(int code, KeyAlgorithm algorithm, boolean timed) {
    this.code = (byte) code;
    this.algorithm = algorithm;
    this.timed = timed;
  }

  /**
   * @throws IllegalArgumentException if no type has this code
   */
  static SignatureType ofCode(byte code) {
    for (SignatureType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "signature type: 0x%02x (expected: 0x01, 0x04 or 0x06)".formatted(code));
  }

  /** The identifier byte. */
  public byte code() {
    return code;
  }

  /** Whether a signature carries the time at which it was made, as a witness's must. */
  public boolean isTimed() {
    return timed;
  }

  KeyAlgorithm algorithm() {
    return algorithm;
  }

  /**
   * What is signed.
   *
   * @param timeSeconds since 1970; ignored by types without a time
   * @throws IllegalArgumentException if such a text cannot be signed in this way
   */
  abstract byte[] message(String keyName, String noteText, long timeSeconds);

  private static void writeShortText(DataOutputStream message, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > SHORT_TEXT_BYTES_MAX) {
      throw new IllegalArgumentException(
          "name: %d bytes (expected: at most %d)".formatted(bytes.length, SHORT_TEXT_BYTES_MAX));
    }
    message.writeByte(bytes.length);
    message.write(bytes);
  }
}
