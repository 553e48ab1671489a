/**
 * Reading and writing of JSON text over byte arrays. {@link dev.slipway.protocol.json.JsonReader}
 * accepts exactly RFC 8259 in UTF-8; {@link dev.slipway.protocol.json.JsonWriter} writes nothing
 * else. Neither knows what a tensor is.
 */
@NullMarked
package dev.slipway.protocol.json;

import org.jspecify.annotations.NullMarked;
