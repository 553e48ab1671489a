@NullMarked
package dev.slipway.core.table;

import org.jspecify.annotations.NullMarked;
