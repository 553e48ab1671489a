@NullMarked
package dev.slipway.core.drift.evidently;

import org.jspecify.annotations.NullMarked;
