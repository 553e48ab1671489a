/** Tests of the client against sockets that misbehave. */
@NullMarked
package dev.slipway.cli.client;

import org.jspecify.annotations.NullMarked;
