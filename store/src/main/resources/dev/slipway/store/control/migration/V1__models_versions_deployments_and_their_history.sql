CREATE TABLE registered_model (
  name ${text} PRIMARY KEY,
  latest_version INTEGER NOT NULL,
  created_micros BIGINT NOT NULL
);

CREATE TABLE model_version (
  model ${text} NOT NULL REFERENCES registered_model (name),
  version INTEGER NOT NULL,
  digest ${text} NOT NULL,
  format ${text} NOT NULL,
  primary_file ${text} NOT NULL,
  signature ${text} NOT NULL,
  settings ${text} NOT NULL,
  description ${text} NOT NULL,
  example_request ${text} NOT NULL,
  size_bytes BIGINT NOT NULL,
  registered_micros BIGINT NOT NULL,
  PRIMARY KEY (model, version)
);

CREATE TABLE deployment (
  name ${text} PRIMARY KEY,
  model ${text} NOT NULL,
  current_version INTEGER NOT NULL,
  previous_version INTEGER NOT NULL,
  revision BIGINT NOT NULL,
  changed_micros BIGINT NOT NULL,
  FOREIGN KEY (model, current_version) REFERENCES model_version (model, version)
);

CREATE TABLE deployment_history (
  deployment ${text} NOT NULL,
  revision BIGINT NOT NULL,
  kind ${text} NOT NULL,
  model ${text} NOT NULL,
  current_version INTEGER NOT NULL,
  previous_version INTEGER NOT NULL,
  epoch BIGINT NOT NULL,
  changed_micros BIGINT NOT NULL,
  PRIMARY KEY (deployment, revision)
);

CREATE TABLE sequence_number (
  name ${text} PRIMARY KEY,
  value BIGINT NOT NULL
);

INSERT INTO sequence_number (name, value) VALUES ('epoch', 0);
