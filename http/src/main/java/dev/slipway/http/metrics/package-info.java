/**
 * What {@code /metrics} shows: the serving plane's counts, the limits of the server, and the
 * process. Names and labels are in {@link dev.slipway.http.metrics.ServingCollector}.
 */
@NullMarked
package dev.slipway.http.metrics;

import org.jspecify.annotations.NullMarked;
