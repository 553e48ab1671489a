/**
 * W3C trace context in and out, and the optional export of spans. Start at {@link
 * dev.slipway.http.trace.Tracing}.
 */
@NullMarked
package dev.slipway.http.trace;

import org.jspecify.annotations.NullMarked;
