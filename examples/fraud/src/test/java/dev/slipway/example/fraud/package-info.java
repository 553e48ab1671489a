/**
 * Proofs that the fraud example is deterministic, does not look ahead, and is as good as it says.
 */
@NullMarked
package dev.slipway.example.fraud;

import org.jspecify.annotations.NullMarked;
