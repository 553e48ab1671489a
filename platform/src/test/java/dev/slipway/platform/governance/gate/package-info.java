@NullMarked
package dev.slipway.platform.governance.gate;

import org.jspecify.annotations.NullMarked;
