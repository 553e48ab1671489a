/**
 * One inference as the product sees it, whatever protocol carried it. Codecs make an {@link
 * dev.slipway.core.inference.InferenceRequest}; the serving plane answers with an {@link
 * dev.slipway.core.inference.InferenceResponse}.
 */
@NullMarked
package dev.slipway.core.inference;

import org.jspecify.annotations.NullMarked;
