@NullMarked
package dev.slipway.core.evaluation;

import org.jspecify.annotations.NullMarked;
