/**
 * Which version answers a request. A {@link dev.slipway.core.routing.RoutingTable} is all that the
 * serving plane knows of the control plane; it is immutable and replaced as a whole.
 */
@NullMarked
package dev.slipway.core.routing;

import org.jspecify.annotations.NullMarked;
