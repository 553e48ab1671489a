/**
 * The engine SPI: how a model file becomes numbers. A {@link
 * dev.slipway.serving.engine.ModelEngine} loads an artifact, a {@link
 * dev.slipway.serving.engine.LoadedModel} owns its memory, and an {@link
 * dev.slipway.serving.engine.InferenceSession} runs it on one thread at a time. Every engine passes
 * the contract kit in {@code testkit}.
 */
@NullMarked
package dev.slipway.serving.engine;

import org.jspecify.annotations.NullMarked;
