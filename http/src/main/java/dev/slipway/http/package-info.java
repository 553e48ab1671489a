/**
 * The Vert.x adapter: one port for REST and gRPC. The data plane stays on the event loop;
 * everything below {@code /api/v1} runs on virtual threads. Start at {@code SlipwayHttpServer}.
 */
@NullMarked
package dev.slipway.http;

import org.jspecify.annotations.NullMarked;
