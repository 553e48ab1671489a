/** Tests of the ONNX engine. */
@NullMarked
package dev.slipway.engine.onnx;

import org.jspecify.annotations.NullMarked;
