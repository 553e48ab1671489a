@NullMarked
package dev.slipway.platform.rows;

import org.jspecify.annotations.NullMarked;
