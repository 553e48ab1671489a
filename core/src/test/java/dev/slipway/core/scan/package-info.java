@NullMarked
package dev.slipway.core.scan;

import org.jspecify.annotations.NullMarked;
