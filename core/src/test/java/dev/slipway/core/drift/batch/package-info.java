@NullMarked
package dev.slipway.core.drift.batch;

import org.jspecify.annotations.NullMarked;
