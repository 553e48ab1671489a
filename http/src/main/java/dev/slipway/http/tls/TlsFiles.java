package dev.slipway.http.tls;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The PEM files of a server that speaks TLS. They are read again when they change.
 *
 * @param certificate the server's certificate, then those that lead to its authority
 * @param key its private key, PKCS #8, not encrypted
 * @param clientAuthorities authorities whose certificates callers may show; null asks for none
 */
public record TlsFiles(Path certificate, Path key, @Nullable Path clientAuthorities) {}
