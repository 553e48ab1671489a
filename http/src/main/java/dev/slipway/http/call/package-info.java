/**
 * What every call needs, REST or gRPC: its id, its body, its answer. Start at {@link
 * dev.slipway.http.call.CallScope}, what the calls of one event loop share.
 */
@NullMarked
package dev.slipway.http.call;

import org.jspecify.annotations.NullMarked;
