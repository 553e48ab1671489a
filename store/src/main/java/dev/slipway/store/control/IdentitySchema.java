package dev.slipway.store.control;

import java.util.List;

/** The tables of accounts, tokens and invitations. */
final class IdentitySchema {
  static final List<String> STATEMENTS =
      List.of(
          """
          CREATE TABLE account (
            name TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            roles TEXT NOT NULL,
            grants TEXT NOT NULL,
            salt BYTEA NOT NULL,
            created_micros BIGINT NOT NULL,
            enabled INTEGER NOT NULL
          )\
          """,
          // A token without a scope has neither roles nor grants of its own.
          """
          CREATE TABLE access_token (
            id TEXT PRIMARY KEY,
            account TEXT NOT NULL REFERENCES account (name),
            hash TEXT NOT NULL UNIQUE,
            purpose TEXT NOT NULL,
            scope_roles TEXT,
            scope_grants TEXT,
            created_micros BIGINT NOT NULL,
            expires_micros BIGINT NOT NULL,
            revoked_micros BIGINT
          )\
          """,
          "CREATE INDEX access_token_account ON access_token (account)",
          """
          CREATE TABLE invitation (
            hash TEXT PRIMARY KEY,
            account TEXT REFERENCES account (name),
            expires_micros BIGINT NOT NULL,
            used_micros BIGINT
          )\
          """);

  private IdentitySchema() {}
}
