/**
 * What every store must do: {@code BlobStoreKit}, {@code ArtifactStoreKit} and {@code
 * ControlStoreKit}.
 */
@NullMarked
package dev.slipway.testkit.store;

import org.jspecify.annotations.NullMarked;
