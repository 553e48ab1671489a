@NullMarked
package dev.slipway.store.table;

import org.jspecify.annotations.NullMarked;
