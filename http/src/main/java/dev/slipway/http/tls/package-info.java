/**
 * TLS from PEM files. Start with {@link dev.slipway.http.tls.TlsFiles}; {@link
 * dev.slipway.http.tls.TlsReload} keeps a running server at what is in them.
 */
@NullMarked
package dev.slipway.http.tls;

import org.jspecify.annotations.NullMarked;
