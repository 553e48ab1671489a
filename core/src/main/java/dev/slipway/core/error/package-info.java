/**
 * The one error type of the product. Start at {@link dev.slipway.core.error.SlipwayException};
 * every protocol adapter maps {@link dev.slipway.core.error.ErrorCode} in one place.
 */
@NullMarked
package dev.slipway.core.error;

import org.jspecify.annotations.NullMarked;
