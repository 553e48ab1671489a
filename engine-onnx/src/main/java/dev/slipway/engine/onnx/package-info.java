/**
 * Runs any ONNX model on ONNX Runtime. Start at {@link dev.slipway.engine.onnx.OnnxEngine}.
 *
 * <p>ONNX Runtime is called through its C interface and {@code java.lang.foreign}, not through its
 * Java classes: those know no unsigned integers past 8 bits, cut strings at a zero byte, and make
 * several objects and copies for each run. The published Java archive is still what carries the
 * native library.
 */
@NullMarked
package dev.slipway.engine.onnx;

import org.jspecify.annotations.NullMarked;
