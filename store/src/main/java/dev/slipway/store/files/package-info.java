/** Work on trees of files that both the artifact store and the data folder need. */
@NullMarked
package dev.slipway.store.files;

import org.jspecify.annotations.NullMarked;
