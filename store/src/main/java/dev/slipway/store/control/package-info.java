/**
 * What the control plane decided: models, versions, deployments and their history, and the entries
 * of the audit log. Start at {@link dev.slipway.store.control.ControlStore}. Plain SQL over JDBC; a
 * change is one {@link dev.slipway.store.control.UnitOfWork}: what is decided and the entry that
 * says so are committed by the same transaction.
 *
 * <p>There is no outbox. All that follows from a change is derived from what was committed: the
 * serving plane from the deployments, the log's tree from the numbers of its entries. Both can be
 * asked again after a crash.
 *
 * <p>The schema comes from the SQL files in {@code migration/}, which {@link
 * dev.slipway.store.control.Migrations} has Flyway run where a database lacks some, after a copy of
 * it: SQLite's file, or the rows that {@link dev.slipway.store.control.PostgresCopyReader} puts
 * back.
 */
@NullMarked
package dev.slipway.store.control;

import org.jspecify.annotations.NullMarked;
