/**
 * What people write on registered models and versions: descriptions, tags, stages, aliases; and the
 * searches over them. Start at {@link dev.slipway.store.registry.RegistryTables}. The versions that
 * can be deployed are {@link dev.slipway.store.control.UnitOfWork}'s.
 */
@NullMarked
package dev.slipway.store.registry;

import org.jspecify.annotations.NullMarked;
