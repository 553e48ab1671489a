/** Checks of the machine the command line runs on. Each names the mend. */
@NullMarked
package dev.slipway.cli.doctor;

import org.jspecify.annotations.NullMarked;
