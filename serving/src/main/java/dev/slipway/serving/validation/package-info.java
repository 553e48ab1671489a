/**
 * Checks a request against the signature and the value constraints of its model. Compiled once per
 * variant; start at {@link dev.slipway.serving.validation.RequestValidator}.
 */
@NullMarked
package dev.slipway.serving.validation;

import org.jspecify.annotations.NullMarked;
