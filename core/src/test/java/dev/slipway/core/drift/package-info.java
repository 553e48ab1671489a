@NullMarked
package dev.slipway.core.drift;

import org.jspecify.annotations.NullMarked;
