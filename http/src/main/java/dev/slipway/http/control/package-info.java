/**
 * The control API below {@code /api/v1}: maps requests to the use cases of {@code platform}.
 * Blocking code on virtual threads; it knows no Vert.x type.
 */
@NullMarked
package dev.slipway.http.control;

import org.jspecify.annotations.NullMarked;
