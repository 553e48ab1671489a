/**
 * An open-loop load generator: one thread, non-blocking sockets, requests prepared beforehand.
 *
 * <p>Arrivals are a Poisson process (or, closed-loop, the next request follows the answer). Latency
 * is measured from the <em>intended</em> send time, so that a server that stalls is charged for the
 * requests it kept from being sent (coordinated omission). Start at {@link
 * dev.slipway.bench.load.LoadRun}.
 */
@NullMarked
package dev.slipway.bench.load;

import org.jspecify.annotations.NullMarked;
