/**
 * Turns filters and orders into SQL with bound values, and reads the answer page by page. Start at
 * {@link dev.slipway.store.search.KeysetQuery}.
 */
@NullMarked
package dev.slipway.store.search;

import org.jspecify.annotations.NullMarked;
