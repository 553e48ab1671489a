/** Tests of profiling. */
@NullMarked
package dev.slipway.serving.profile;

import org.jspecify.annotations.NullMarked;
