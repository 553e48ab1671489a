/**
 * RFC 8785 canonical JSON. {@link dev.slipway.core.audit.json.JsonReader} takes any I-JSON text and
 * {@link dev.slipway.core.audit.json.CanonicalJson} writes the one canonical form of a value.
 */
@NullMarked
package dev.slipway.core.audit.json;

import org.jspecify.annotations.NullMarked;
