package dev.slipway.testkit.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** An authority of its own, with the certificates that it issued, in a folder of a test. */
public final class CertificateAuthority {
  private static final String PASSWORD = "not-a-secret";
  private static final String AUTHORITY = "authority";

  private final Path folder;
  private final Path store;

  /** A certificate and its private key, in PEM. */
  public record Issued(String certificate, String key, X509Certificate leaf) {}

  /** Makes one. The folder is there and empty. */
  public CertificateAuthority(Path folder) {
    this.folder = folder;
    this.store = folder.resolve("store.p12");
    keytool("-alias", AUTHORITY, "-dname", "CN=authority", "-ext", "bc:c");
  }

  /**
   * Issues a certificate for two days.
   *
   * @param name by which {@link #context} finds it
   * @param names as keytool writes them, such as {@code dns:localhost,ip:127.0.0.1}
   */
  public Issued issue(String name, String names) {
    keytool("-alias", name, "-dname", "CN=" + name, "-signer", AUTHORITY, "-ext", "san=" + names);
    try {
      KeyStore all = load();
      StringBuilder chain = new StringBuilder();
      for (Certificate certificate : all.getCertificateChain(name)) {
        chain.append(pem("CERTIFICATE", certificate.getEncoded()));
      }
      Key key = all.getKey(name, PASSWORD.toCharArray());
      return new Issued(
          chain.toString(),
          pem("PRIVATE KEY", key.getEncoded()),
          (X509Certificate) all.getCertificate(name));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The authority's own certificate, in PEM. */
  public String certificate() {
    try {
      return pem("CERTIFICATE", load().getCertificate(AUTHORITY).getEncoded());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Trusts this authority alone.
   *
   * @param name the certificate that is shown where one is asked for; null for none
   */
  public SSLContext context(@Nullable String name) {
    try {
      KeyStore trusted = empty();
      trusted.setCertificateEntry(AUTHORITY, load().getCertificate(AUTHORITY));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      KeyStore own = empty();
      if (name != null) {
        own.setKeyEntry(
            name,
            load().getKey(name, PASSWORD.toCharArray()),
            PASSWORD.toCharArray(),
            load().getCertificateChain(name));
      }
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(own, PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore empty = KeyStore.getInstance("PKCS12");
    empty.load(null, null);
    return empty;
  }

  private KeyStore load() throws GeneralSecurityException, IOException {
    KeyStore all = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      all.load(in, PASSWORD.toCharArray());
    }
    return all;
  }

  private static String pem(String what, byte[] bytes) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(what, Base64.getMimeEncoder().encodeToString(bytes), what);
  }

  private void keytool(String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
    command.addAll(List.of(options));
    try {
      Path log = folder.resolve("keytool.log");
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(Files.readString(log));
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
