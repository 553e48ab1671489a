@NullMarked
package dev.slipway.platform.governance.holdout;

import org.jspecify.annotations.NullMarked;
