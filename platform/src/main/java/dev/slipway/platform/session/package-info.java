/**
 * People who signed in with a browser. Start with {@link dev.slipway.platform.session.Sessions};
 * who vouches for them is told elsewhere.
 */
@NullMarked
package dev.slipway.platform.session;

import org.jspecify.annotations.NullMarked;
