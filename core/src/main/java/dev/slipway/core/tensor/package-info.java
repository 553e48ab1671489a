/**
 * Tensors as they travel through the product: a datatype, a shape and little-endian bytes. Start at
 * {@link dev.slipway.core.tensor.Tensor}. No object per number, and no conversion that loses bits.
 */
@NullMarked
package dev.slipway.core.tensor;

import org.jspecify.annotations.NullMarked;
