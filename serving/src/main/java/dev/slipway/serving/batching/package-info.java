/**
 * When and with whom a request runs. A {@link dev.slipway.serving.batching.VariantScheduler} holds
 * the queue of one variant on one event loop and decides what runs next, on the loop's own thread
 * or on a worker.
 *
 * <p>Nobody waits for a batch while the engine is idle: a batch is what arrived in one pass of the
 * event loop, or while the engine was busy. Everything here belongs to its loop's thread, except
 * the run itself, which {@link dev.slipway.serving.batching.RunSlot} carries to a worker and back.
 */
@NullMarked
package dev.slipway.serving.batching;

import org.jspecify.annotations.NullMarked;
