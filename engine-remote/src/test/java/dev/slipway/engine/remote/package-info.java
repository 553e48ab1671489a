/** Tests of the remote engine, against a real HTTP server. */
@NullMarked
package dev.slipway.engine.remote;

import org.jspecify.annotations.NullMarked;
