/**
 * The filter and order expressions of searches over runs, experiments and models, as text that
 * people write. Start at {@link dev.slipway.core.search.Filter}. What an entity or a key means is
 * for the searched table to say.
 */
@NullMarked
package dev.slipway.core.search;

import org.jspecify.annotations.NullMarked;
