/**
 * What the decoders of every protocol share: taking buffers so that none is lost when a request is
 * refused, and checking sizes before memory is taken.
 */
@NullMarked
package dev.slipway.protocol.tensor;

import org.jspecify.annotations.NullMarked;
