/**
 * The description of every REST path, served at {@code /openapi.json}. The document itself is a
 * resource of this package; a test holds it against the running server.
 */
@NullMarked
package dev.slipway.http.openapi;

import org.jspecify.annotations.NullMarked;
