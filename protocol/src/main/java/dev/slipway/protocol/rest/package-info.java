/**
 * REST bodies. Start at {@link dev.slipway.protocol.rest.V2RequestDecoder} and {@link
 * dev.slipway.protocol.rest.V2ResponseEncoder}.
 */
@NullMarked
package dev.slipway.protocol.rest;

import org.jspecify.annotations.NullMarked;
