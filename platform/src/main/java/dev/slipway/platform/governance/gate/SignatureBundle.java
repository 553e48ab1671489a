package dev.slipway.platform.governance.gate;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.json.JsonFields;
import dev.slipway.core.audit.json.JsonReader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A bundle of OpenSSF model signing 1.0: a Sigstore bundle with a DSSE envelope around an in-toto
 * statement that gives the digest of each file. Only signatures by a key are read; those by a
 * certificate need a chain of trust that a policy does not state here.
 */
final class SignatureBundle {
  private static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";
  private static final String STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
  private static final String PREDICATE_TYPE = "https://model_signing/signature/v1.0";

  private final byte[] payload;
  private final byte[] signature;
  private final SortedMap<String, ContentDigest> files;

  private SignatureBundle(
      byte[] payload, byte[] signature, SortedMap<String, ContentDigest> files) {
    this.payload = payload;
    this.signature = signature;
    this.files = files;
  }

  /** What the statement says, true only once {@link #signer} found who says it. */
  SortedMap<String, ContentDigest> files() {
    return files;
  }

  /** A key in PEM, if it lies on a curve that is used for signing models. */
  static Optional<ECPublicKey> publicKey(String pem) {
    String body =
        pem.replace("-----BEGIN PUBLIC KEY-----", "")
            .replace("-----END PUBLIC KEY-----", "")
            .replaceAll("\\s", "");
    try {
      byte[] encoded = Base64.getDecoder().decode(body);
      return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(encoded))
                  instanceof ECPublicKey key
              && algorithm(key).isPresent()
          ? Optional.of(key)
          : Optional.empty();
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The hash goes with the size of the curve. */
  private static Optional<String> algorithm(ECPublicKey key) {
    return switch (key.getParams().getCurve().getField().getFieldSize()) {
      case 256 -> Optional.of("SHA256withECDSA");
      case 384 -> Optional.of("SHA384withECDSA");
      case 521 -> Optional.of("SHA512withECDSA");
      default -> Optional.empty();
    };
  }

  /**
   * Reads a bundle, without yet believing it.
   *
   * @throws IllegalArgumentException if it is none of that kind
   */
  static SignatureBundle parse(byte[] json) {
    JsonFields envelope = JsonFields.of("bundle", JsonReader.read(json)).fields("dsseEnvelope");
    if (!envelope.string("payloadType").equals(PAYLOAD_TYPE)) {
      throw new IllegalArgumentException(
          "payload type %s (expected: %s)".formatted(envelope.string("payloadType"), PAYLOAD_TYPE));
    }
    List<JsonFields> signatures = envelope.each("signatures");
    if (signatures.size() != 1) {
      throw new IllegalArgumentException(
          "%d signatures (expected: 1)".formatted(signatures.size()));
    }
    byte[] payload = Base64.getDecoder().decode(envelope.string("payload"));
    return new SignatureBundle(
        payload,
        Base64.getDecoder().decode(signatures.getFirst().string("sig")),
        files(JsonFields.of("statement", JsonReader.read(payload))));
  }

  private static SortedMap<String, ContentDigest> files(JsonFields statement) {
    require(statement, "_type", STATEMENT_TYPE);
    require(statement, "predicateType", PREDICATE_TYPE);
    SortedMap<String, ContentDigest> files = new TreeMap<>();
    ByteArrayOutputStream digests = new ByteArrayOutputStream();
    for (JsonFields resource : statement.fields("predicate").each("resources")) {
      require(resource, "algorithm", "sha256");
      ContentDigest digest = new ContentDigest("sha256:" + resource.string("digest"));
      if (files.put(resource.string("name"), digest) != null) {
        throw new IllegalArgumentException(
            "%s comes twice (expected: each file once)".formatted(resource.string("name")));
      }
      digests.writeBytes(HexFormat.of().parseHex(resource.string("digest")));
    }
    List<String> subjects = new ArrayList<>();
    for (JsonFields subject : statement.each("subject")) {
      subjects.add("sha256:" + subject.fields("digest").string("sha256"));
    }
    if (!subjects.equals(List.of(ContentDigest.of(digests.toByteArray()).value()))) {
      throw new IllegalArgumentException(
          "subject %s (expected: the digest of its resources)".formatted(subjects));
    }
    return files;
  }

  private static void require(JsonFields fields, String name, String expected) {
    if (!fields.string(name).equals(expected)) {
      throw new IllegalArgumentException(
          "%s: %s (expected: %s)".formatted(name, fields.string(name), expected));
    }
  }

  /**
   * The key of several that signed.
   *
   * @throws IllegalArgumentException if none of them did
   */
  ECPublicKey signer(List<ECPublicKey> keys) {
    // DSSE signs the type and the payload, each with its length before it.
    ByteArrayOutputStream signed = new ByteArrayOutputStream();
    signed.writeBytes(
        "DSSEv1 %d %s %d "
            .formatted(PAYLOAD_TYPE.length(), PAYLOAD_TYPE, payload.length)
            .getBytes(StandardCharsets.UTF_8));
    signed.writeBytes(payload);
    for (ECPublicKey key : keys) {
      if (isBy(key, signed.toByteArray())) {
        return key;
      }
    }
    throw new IllegalArgumentException("no key of the policy signed it (expected: one of them)");
  }

  private boolean isBy(ECPublicKey key, byte[] signed) {
    try {
      Signature verifier =
          Signature.getInstance(
              algorithm(key).orElseThrow(() -> new IllegalStateException("an odd curve")));
      verifier.initVerify(key);
      verifier.update(signed);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      // Bytes that are no signature at all are reported so.
      return false;
    }
  }
}
