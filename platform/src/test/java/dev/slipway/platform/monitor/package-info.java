@NullMarked
package dev.slipway.platform.monitor;

import org.jspecify.annotations.NullMarked;
