/**
 * What a server leaves for the command line of the same user on the same machine. Start at {@link
 * dev.slipway.store.client.KnownServers}.
 */
@NullMarked
package dev.slipway.store.client;

import org.jspecify.annotations.NullMarked;
