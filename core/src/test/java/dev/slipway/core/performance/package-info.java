@NullMarked
package dev.slipway.core.performance;

import org.jspecify.annotations.NullMarked;
