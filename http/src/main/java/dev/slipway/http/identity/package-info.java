/**
 * The one filter that every request passes, whatever its protocol and path: who asks ({@link
 * dev.slipway.http.identity.AccessFilter}), and then, once it is known what they ask for, whether
 * they may ({@link dev.slipway.http.identity.Caller#require}).
 *
 * <p>The event loop identifies each request before any router sees it. A router then asks for the
 * action that its route, method or operation declares: none can be declared without one. gRPC calls
 * name their model inside the message, so they ask when it is read, and no answer leaves a call
 * that has not asked.
 */
@NullMarked
package dev.slipway.http.identity;

import org.jspecify.annotations.NullMarked;
