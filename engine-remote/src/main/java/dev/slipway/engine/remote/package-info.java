/**
 * Serves a model that lives on another V2 server, such as Triton or OpenVINO Model Server, as if it
 * were ours. Start at {@link dev.slipway.engine.remote.RemoteEngine}.
 */
@NullMarked
package dev.slipway.engine.remote;

import org.jspecify.annotations.NullMarked;
