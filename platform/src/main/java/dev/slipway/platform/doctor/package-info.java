/** The server's checks of itself. Start at {@link dev.slipway.platform.doctor.Doctor}. */
@NullMarked
package dev.slipway.platform.doctor;

import org.jspecify.annotations.NullMarked;
