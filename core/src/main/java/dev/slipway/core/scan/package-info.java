/**
 * Looks for what a model file may do beside computing: code in pickles, archives that unpack to
 * more than they say or elsewhere, ONNX graphs that reach outside their folder. Start at {@link
 * dev.slipway.core.scan.ContentScan}. Bytes are given; nothing here opens a file.
 *
 * <p>Rules are lists of what is allowed: whatever is not on them, or cannot be looked into, is
 * found.
 */
@NullMarked
package dev.slipway.core.scan;

import org.jspecify.annotations.NullMarked;
