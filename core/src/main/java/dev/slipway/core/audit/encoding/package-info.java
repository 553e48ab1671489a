/**
 * The few text forms that every format of the log is made of, read strictly: one value has one
 * form, so that nobody can change bytes without changing what they mean.
 */
@NullMarked
package dev.slipway.core.audit.encoding;

import org.jspecify.annotations.NullMarked;
