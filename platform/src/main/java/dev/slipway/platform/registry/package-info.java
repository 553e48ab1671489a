/**
 * From a file to a registered version. Start at {@link dev.slipway.platform.registry.Registry}.
 * Model files are looked at and run by an engine, never executed: no pickle is ever loaded.
 */
@NullMarked
package dev.slipway.platform.registry;

import org.jspecify.annotations.NullMarked;
