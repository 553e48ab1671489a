package dev.slipway.store.control;

import java.util.List;

/** The table of what accounts asked of deployments, on the last day on which they asked. */
final class ProtectionSchema {
  static final List<String> STATEMENTS =
      List.of(
          """
          CREATE TABLE account_use (
            account ${text} NOT NULL,
            deployment ${text} NOT NULL,
            day BIGINT NOT NULL,
            asked BIGINT NOT NULL,
            PRIMARY KEY (account, deployment)
          )\
          """);

  private ProtectionSchema() {}
}
