package dev.slipway.store.control;

import java.sql.Connection;
import java.sql.SQLException;

/** Opens connections to one database, ready for transactions. */
@FunctionalInterface
interface Connector {
  /** A new connection, which the caller closes. */
  Connection connect() throws SQLException;
}
