/** Measures a registered version. Start at {@link dev.slipway.platform.profile.Profiles}. */
@NullMarked
package dev.slipway.platform.profile;

import org.jspecify.annotations.NullMarked;
