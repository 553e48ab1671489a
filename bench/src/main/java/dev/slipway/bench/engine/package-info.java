/**
 * Models and rows for measuring engines within this process. Start at {@link
 * dev.slipway.bench.engine.FraudModel}.
 */
@NullMarked
package dev.slipway.bench.engine;

import org.jspecify.annotations.NullMarked;
