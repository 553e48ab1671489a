/**
 * What the serving plane counts about itself, without any metrics library.
 *
 * <p>Each event loop has one {@link dev.slipway.serving.metrics.VariantMeter} per variant and is
 * its only writer, so counting costs a few plain stores. {@link
 * dev.slipway.serving.metrics.ServingSnapshot} adds the loops up for {@code /metrics} and the
 * statistics extension. Every label is bounded: a name that no deployment bears is never one.
 */
@NullMarked
package dev.slipway.serving.metrics;

import org.jspecify.annotations.NullMarked;
