/**
 * What a caller may ask of the server at its border: sizes, connections and rates. Start at {@link
 * dev.slipway.http.limits.HttpLimits}; every limit that bites is counted in {@link
 * dev.slipway.http.limits.LimitHits}.
 */
@NullMarked
package dev.slipway.http.limits;

import org.jspecify.annotations.NullMarked;
