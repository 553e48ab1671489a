CREATE TABLE account (
  name ${text} PRIMARY KEY,
  kind ${text} NOT NULL,
  roles ${text} NOT NULL,
  grants ${text} NOT NULL,
  salt ${bytes} NOT NULL,
  created_micros BIGINT NOT NULL,
  enabled INTEGER NOT NULL
);

-- A token without a scope has neither roles nor grants of its own.
CREATE TABLE access_token (
  id ${text} PRIMARY KEY,
  account ${text} NOT NULL REFERENCES account (name),
  hash ${text} NOT NULL UNIQUE,
  purpose ${text} NOT NULL,
  scope_roles ${text},
  scope_grants ${text},
  created_micros BIGINT NOT NULL,
  expires_micros BIGINT NOT NULL,
  revoked_micros BIGINT
);

CREATE INDEX access_token_account ON access_token (account);

CREATE TABLE invitation (
  hash ${text} PRIMARY KEY,
  account ${text} REFERENCES account (name),
  expires_micros BIGINT NOT NULL,
  used_micros BIGINT
);
