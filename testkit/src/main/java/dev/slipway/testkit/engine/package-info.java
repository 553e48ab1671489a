/**
 * The contract of {@code ModelEngine} as tests. Start at {@link
 * dev.slipway.testkit.engine.ModelEngineKit}: a test class that extends it makes an engine prove
 * it.
 */
@NullMarked
package dev.slipway.testkit.engine;

import org.jspecify.annotations.NullMarked;
