@NullMarked
package dev.slipway.core.protection;

import org.jspecify.annotations.NullMarked;
