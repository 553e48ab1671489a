package dev.slipway.core.audit.checkpoint;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The algorithms under the signature types, with raw keys. Deterministic: a key pair follows from
 * its seed of 32 bytes, and a signature from key and message.
 */
enum KeyAlgorithm {
  ED25519("Ed25519", 32, 64, "302a300506032b6570032100"),
  ML_DSA_44("ML-DSA-44", 1312, 2420, "30820532300b06096086480165030403110382052100");

  /** Length of a seed, in both algorithms. */
  static final int SEED_BYTES = 32;

  private final String jcaName;
  private final int publicKeyBytes;
  private final int signatureBytes;

  /** The SubjectPublicKeyInfo of every key, up to the key's own bytes. */
  private final byte[] publicKeyPrefix;

  KeyAlgorithm(String jcaName, int publicKeyBytes, int signatureBytes, String publicKeyPrefix) {
    this.jcaName = jcaName;
    this.publicKeyBytes = publicKeyBytes;
    this.signatureBytes = signatureBytes;
    this.publicKeyPrefix = HexFormat.of().parseHex(publicKeyPrefix);
  }

  int publicKeyBytes() {
    return publicKeyBytes;
  }

  int signatureBytes() {
    return signatureBytes;
  }

  /** The key pair of a seed. */
  KeyPair keyPair(byte[] seed) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(jcaName);
      // java.security derives a public key only while it generates a pair, so it is given the seed
      // where it asks for randomness. That it asks once, for exactly the seed, is checked.
      GivenBytes given = new GivenBytes(seed);
      generator.initialize(new NamedParameterSpec(jcaName), given);
      KeyPair pair = generator.generateKeyPair();
      if (given.askedBytes() != SEED_BYTES) {
        throw new IllegalStateException(
            "%s asked for %d bytes of seed (expected: %d)"
                .formatted(jcaName, given.askedBytes(), SEED_BYTES));
      }
      return pair;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("JDK 25 has " + jcaName, e);
    }
  }

  /** The bytes of a public key that {@link #keyPair} made. */
  byte[] rawPublicKey(PublicKey key) {
    byte[] encoded = key.getEncoded();
    return Arrays.copyOfRange(encoded, publicKeyPrefix.length, encoded.length);
  }

  byte[] sign(KeyPair pair, byte[] message) {
    try {
      Signature signature = Signature.getInstance(jcaName);
      // ML-DSA with 32 zero bytes for its randomness is the deterministic variant of FIPS 204.
      signature.initSign(pair.getPrivate(), new GivenBytes(new byte[SEED_BYTES]));
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key that was just made signs", e);
    }
  }

  /** Whether the signature is valid; never throws for bad keys or signatures. */
  boolean verifies(byte[] publicKey, byte[] message, byte[] signature) {
    if (signature.length != signatureBytes || publicKey.length != publicKeyBytes) {
      return false;
    }
    byte[] encoded = Arrays.copyOf(publicKeyPrefix, publicKeyPrefix.length + publicKey.length);
    System.arraycopy(publicKey, 0, encoded, publicKeyPrefix.length, publicKey.length);
    try {
      Signature verifier = Signature.getInstance(jcaName);
      verifier.initVerify(
          KeyFactory.getInstance(jcaName).generatePublic(new X509EncodedKeySpec(encoded)));
      verifier.update(message);
      return verifier.verify(signature);
    } catch (InvalidKeySpecException | InvalidKeyException | SignatureException e) {
      return false; // Not a point of the curve, or not a signature at all.
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("JDK 25 has " + jcaName, e);
    }
  }

  /** Gives the same bytes to whoever asks for random ones. */
  private static final class GivenBytes extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final byte[] bytes;
    private int asked;

    GivenBytes(byte[] bytes) {
      super(null, null);
      this.bytes = bytes.clone();
    }

    int askedBytes() {
      return asked;
    }

    @Override
    public void nextBytes(byte[] target) {
      asked += target.length;
      System.arraycopy(bytes, 0, target, 0, Math.min(target.length, bytes.length));
    }
  }
}
