@NullMarked
package dev.slipway.platform.webhook;

import org.jspecify.annotations.NullMarked;
