/**
 * Makes a model dear to copy by asking it. A caller's rights say how much of each answer they see
 * ({@link dev.slipway.core.identity.Disclosure}), which {@link
 * dev.slipway.core.protection.DisclosedAnswer} cuts down to; {@link
 * dev.slipway.core.protection.AccountUse} counts the rows that an account asks of a deployment
 * against its budget, and shows a sample of them to an {@link
 * dev.slipway.core.protection.ExtractionDetector}.
 */
@NullMarked
package dev.slipway.core.protection;

import org.jspecify.annotations.NullMarked;
