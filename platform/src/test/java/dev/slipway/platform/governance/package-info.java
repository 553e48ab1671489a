@NullMarked
package dev.slipway.platform.governance;

import org.jspecify.annotations.NullMarked;
