/**
 * The use cases of the control plane, a package per feature: {@code registry} takes models in,
 * {@code deployment} puts them live, {@code doctor} looks whether all is well. They load, let the
 * pure core decide, and commit; they know no protocol.
 */
@NullMarked
package dev.slipway.platform;

import org.jspecify.annotations.NullMarked;
