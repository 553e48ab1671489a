/**
 * The serving plane: routes, validates, batches, runs and counts. It touches no database and knows
 * no HTTP type. Start at {@code ServingPlane}.
 */
@NullMarked
package dev.slipway.serving;

import org.jspecify.annotations.NullMarked;
