ALTER TABLE deployment ADD COLUMN environment ${text} NOT NULL DEFAULT 'dev';
ALTER TABLE deployment_history ADD COLUMN environment ${text} NOT NULL DEFAULT 'dev';
ALTER TABLE deployment_history ADD COLUMN promotion BIGINT;

CREATE TABLE version_registrant (
  model ${text} NOT NULL,
  version INTEGER NOT NULL,
  account ${text} NOT NULL,
  PRIMARY KEY (model, version)
);

-- What is searched for has a column; the whole is in body.
CREATE TABLE promotion (
  id BIGINT PRIMARY KEY,
  target ${text} NOT NULL,
  artifact ${text} NOT NULL,
  model ${text} NOT NULL,
  version INTEGER NOT NULL,
  state ${text} NOT NULL,
  revision BIGINT NOT NULL,
  body ${bytes} NOT NULL
);

CREATE INDEX promotion_target ON promotion (target, id);
CREATE INDEX promotion_state ON promotion (state, id);
CREATE INDEX promotion_version ON promotion (model, version);
CREATE INDEX deployment_history_version ON deployment_history (model, current_version);

CREATE TABLE promotion_receipt (
  promotion BIGINT PRIMARY KEY REFERENCES promotion (id),
  entry BIGINT NOT NULL,
  receipt ${bytes}
);

CREATE TABLE evidence (
  digest ${text} PRIMARY KEY,
  body ${bytes} NOT NULL
);

CREATE TABLE policy (
  id BIGINT PRIMARY KEY,
  digest ${text} NOT NULL,
  state ${text} NOT NULL,
  body ${bytes} NOT NULL,
  proposer ${text} NOT NULL,
  reason ${text} NOT NULL,
  proposed_micros BIGINT NOT NULL,
  decider ${text} NOT NULL,
  decided_micros BIGINT NOT NULL
);

INSERT INTO sequence_number (name, value) VALUES ('promotion', 0);
INSERT INTO sequence_number (name, value) VALUES ('policy', 0);
