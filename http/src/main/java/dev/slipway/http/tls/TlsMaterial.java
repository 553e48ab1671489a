package dev.slipway.http.tls;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What was in the files at one time, and fits together. Immutable. */
public final class TlsMaterial {
  private static final long FILE_BYTES_MAX = 1 << 20;
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final List<String> PROTOCOLS = List.of("h2", "http/1.1");

  private final byte[] certificate;
  private final byte[] key;
  private final byte @Nullable [] clientAuthorities;

  private TlsMaterial(byte[] certificate, byte[] key, byte @Nullable [] clientAuthorities) {
    this.certificate = certificate;
    this.key = key;
    this.clientAuthorities = clientAuthorities;
  }

  /**
   * Reads the files. Blocks.
   *
   * @throws SlipwayException CONFIGURATION_INVALID if one cannot be read, or the key is not the
   *     certificate's; the message shows nothing of the key
   */
  public static TlsMaterial read(TlsFiles files) {
    byte[] certificate = bytes("tls-certificate", files.certificate());
    byte[] key = bytes("tls-key", files.key());
    Path authorities = files.clientAuthorities();
    byte[] clients = authorities == null ? null : bytes("tls-client-ca", authorities);
    Collection<? extends Certificate> chain =
        certificates("tls-certificate", files.certificate(), certificate);
    if (clients != null && authorities != null) {
      certificates("tls-client-ca", authorities, clients);
    }
    PublicKey holder = chain.iterator().next().getPublicKey();
    if (!isPair(privateKey(files.key(), key, holder.getAlgorithm()), holder)) {
      throw invalid(
          "tls-key: %s is not the key of %s (expected: the private key of its first certificate)"
              .formatted(files.key(), files.certificate()),
          null);
    }
    return new TlsMaterial(certificate, key, clients);
  }

  private static byte[] bytes(String setting, Path file) {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw invalid(
            "%s: %s (expected: at most %d bytes)".formatted(setting, file, FILE_BYTES_MAX), null);
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw invalid("%s: %s (expected: a file that can be read)".formatted(setting, file), e);
    }
  }

  private static Collection<? extends Certificate> certificates(
      String setting, Path file, byte[] pem) {
    try {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem));
      if (!certificates.isEmpty()) {
        return certificates;
      }
    } catch (CertificateException e) {
      throw invalid("%s: %s (expected: certificates in PEM)".formatted(setting, file), e);
    }
    throw invalid("%s: %s (expected: certificates in PEM)".formatted(setting, file), null);
  }

  private static PrivateKey privateKey(Path file, byte[] pem, String algorithm) {
    Matcher found = KEY.matcher(new String(pem, StandardCharsets.US_ASCII));
    if (found.find()) {
      try {
        return KeyFactory.getInstance(algorithm)
            .generatePrivate(
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(found.group(1))));
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        // Neither the text nor what is wrong with it is shown: it is a secret.
      }
    }
    throw invalid(
        "tls-key: %s (expected: a private key of the certificate's sort, %s, in PKCS #8 PEM)"
            .formatted(file, algorithm),
        null);
  }

  private static boolean isPair(PrivateKey key, PublicKey holder) {
    String algorithm =
        switch (holder.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> holder.getAlgorithm();
        };
    try {
      byte[] text = "slipway".getBytes(StandardCharsets.US_ASCII);
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(holder);
      signature.update(text);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** Whether the files say the same as then. */
  boolean isSame(TlsMaterial other) {
    return Arrays.equals(certificate, other.certificate)
        && Arrays.equals(key, other.key)
        && Arrays.equals(clientAuthorities, other.clientAuthorities);
  }

  /** As the server needs it. */
  public ServerSSLOptions options() {
    ServerSSLOptions options =
        new ServerSSLOptions()
            .setUseAlpn(true)
            .setApplicationLayerProtocols(PROTOCOLS)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .addCertValue(Buffer.buffer(certificate))
                    .addKeyValue(Buffer.buffer(key)));
    byte[] authorities = clientAuthorities;
    if (authorities != null) {
      options
          .setClientAuth(ClientAuth.REQUEST)
          .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(authorities)));
    }
    return options;
  }

  private static SlipwayException invalid(String message, @Nullable Exception cause) {
    return new SlipwayException(ErrorCode.CONFIGURATION_INVALID, message, cause);
  }
}
