-- Tables of experiments and their runs, and the side of the registry that people edit. Times of tracking are
-- milliseconds, as its clients give them. A value that is not a number is kept as 0 with is_nan 1, since SQLite has none.

CREATE TABLE experiment (
  id BIGINT PRIMARY KEY,
  name ${text} NOT NULL UNIQUE,
  artifact_location ${text} NOT NULL,
  lifecycle ${text} NOT NULL,
  created_ms BIGINT NOT NULL,
  updated_ms BIGINT NOT NULL
);

INSERT INTO sequence_number (name, value) VALUES ('experiment', 0);

INSERT INTO experiment (id, name, artifact_location, lifecycle, created_ms, updated_ms)
VALUES (0, 'Default', 'mlflow-artifacts:/0', 'active', 0, 0);

CREATE TABLE experiment_tag (
  experiment_id BIGINT NOT NULL REFERENCES experiment (id),
  name ${text} NOT NULL,
  value ${text} NOT NULL,
  PRIMARY KEY (experiment_id, name)
);

CREATE TABLE run (
  id ${text} PRIMARY KEY,
  experiment_id BIGINT NOT NULL REFERENCES experiment (id),
  name ${text} NOT NULL,
  user_id ${text} NOT NULL,
  status ${text} NOT NULL,
  start_ms BIGINT NOT NULL,
  end_ms BIGINT,
  artifact_uri ${text} NOT NULL,
  lifecycle ${text} NOT NULL
);

CREATE INDEX run_by_start ON run (experiment_id, start_ms DESC, id);

CREATE TABLE run_param (
  run_id ${text} NOT NULL REFERENCES run (id),
  name ${text} NOT NULL,
  value ${text} NOT NULL,
  PRIMARY KEY (run_id, name)
);

CREATE TABLE run_tag (
  run_id ${text} NOT NULL REFERENCES run (id),
  name ${text} NOT NULL,
  value ${text} NOT NULL,
  PRIMARY KEY (run_id, name)
);

-- The newest point of each metric, so that a search reads one row for each.
CREATE TABLE run_metric (
  run_id ${text} NOT NULL REFERENCES run (id),
  name ${text} NOT NULL,
  step BIGINT NOT NULL,
  time_ms BIGINT NOT NULL,
  value DOUBLE PRECISION NOT NULL,
  is_nan INTEGER NOT NULL,
  dataset_name ${text} NOT NULL,
  dataset_digest ${text} NOT NULL,
  model_id ${text} NOT NULL,
  PRIMARY KEY (run_id, name)
);

CREATE TABLE metric_point (
  run_id ${text} NOT NULL REFERENCES run (id),
  name ${text} NOT NULL,
  time_ms BIGINT NOT NULL,
  step BIGINT NOT NULL,
  value DOUBLE PRECISION NOT NULL,
  is_nan INTEGER NOT NULL,
  PRIMARY KEY (run_id, name, time_ms, step, value, is_nan)
);

CREATE TABLE run_dataset (
  run_id ${text} NOT NULL REFERENCES run (id),
  name ${text} NOT NULL,
  digest ${text} NOT NULL,
  source_type ${text} NOT NULL,
  source ${text} NOT NULL,
  schema_text ${text} NOT NULL,
  profile ${text} NOT NULL,
  PRIMARY KEY (run_id, name, digest)
);

CREATE TABLE run_dataset_tag (
  run_id ${text} NOT NULL,
  dataset_name ${text} NOT NULL,
  dataset_digest ${text} NOT NULL,
  name ${text} NOT NULL,
  value ${text} NOT NULL,
  PRIMARY KEY (run_id, dataset_name, dataset_digest, name),
  FOREIGN KEY (run_id, dataset_name, dataset_digest)
    REFERENCES run_dataset (run_id, name, digest)
);

CREATE TABLE logged_model (
  id ${text} PRIMARY KEY,
  experiment_id BIGINT NOT NULL REFERENCES experiment (id),
  name ${text} NOT NULL,
  model_type ${text} NOT NULL,
  source_run_id ${text} NOT NULL,
  artifact_uri ${text} NOT NULL,
  status ${text} NOT NULL,
  lifecycle ${text} NOT NULL,
  created_ms BIGINT NOT NULL,
  updated_ms BIGINT NOT NULL
);

CREATE INDEX logged_model_by_creation ON logged_model (experiment_id, created_ms DESC, id);

CREATE TABLE logged_model_param (
  model_id ${text} NOT NULL REFERENCES logged_model (id),
  name ${text} NOT NULL,
  value ${text} NOT NULL,
  PRIMARY KEY (model_id, name)
);

CREATE TABLE logged_model_tag (
  model_id ${text} NOT NULL REFERENCES logged_model (id),
  name ${text} NOT NULL,
  value ${text} NOT NULL,
  PRIMARY KEY (model_id, name)
);

CREATE TABLE logged_model_metric (
  model_id ${text} NOT NULL REFERENCES logged_model (id),
  name ${text} NOT NULL,
  run_id ${text} NOT NULL,
  dataset_name ${text} NOT NULL,
  dataset_digest ${text} NOT NULL,
  step BIGINT NOT NULL,
  time_ms BIGINT NOT NULL,
  value DOUBLE PRECISION NOT NULL,
  is_nan INTEGER NOT NULL,
  PRIMARY KEY (model_id, name, run_id, dataset_name, dataset_digest)
);

CREATE TABLE run_model (
  run_id ${text} NOT NULL REFERENCES run (id),
  direction ${text} NOT NULL,
  model_id ${text} NOT NULL,
  step BIGINT NOT NULL,
  PRIMARY KEY (run_id, direction, model_id)
);

ALTER TABLE registered_model ADD COLUMN description ${text} NOT NULL DEFAULT '';
ALTER TABLE registered_model ADD COLUMN updated_micros BIGINT NOT NULL DEFAULT 0;
ALTER TABLE registered_model ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;
UPDATE registered_model SET updated_micros = created_micros;

CREATE TABLE registered_model_tag (
  model ${text} NOT NULL REFERENCES registered_model (name),
  name ${text} NOT NULL,
  value ${text} NOT NULL,
  PRIMARY KEY (model, name)
);

-- Every registered version has one; those that can be deployed are in model_version too.
CREATE TABLE version_card (
  model ${text} NOT NULL REFERENCES registered_model (name),
  version INTEGER NOT NULL,
  source ${text} NOT NULL,
  run_id ${text} NOT NULL,
  run_link ${text} NOT NULL,
  logged_model_id ${text} NOT NULL,
  stage ${text} NOT NULL,
  description ${text} NOT NULL,
  digest ${text} NOT NULL,
  obstacle ${text} NOT NULL,
  created_micros BIGINT NOT NULL,
  updated_micros BIGINT NOT NULL,
  PRIMARY KEY (model, version)
);

CREATE INDEX version_card_by_update ON version_card (updated_micros DESC, model, version DESC);
CREATE INDEX version_card_by_stage ON version_card (model, stage, version);
CREATE INDEX version_card_by_run ON version_card (run_id);

INSERT INTO version_card (model, version, source, run_id, run_link, logged_model_id, stage,
  description, digest, obstacle, created_micros, updated_micros)
SELECT model, version, 'mlflow-artifacts:/frozen/' || SUBSTR(digest, 8), '', '', '', 'None',
  description, digest, '', registered_micros, registered_micros FROM model_version;

CREATE TABLE version_tag (
  model ${text} NOT NULL,
  version INTEGER NOT NULL,
  name ${text} NOT NULL,
  value ${text} NOT NULL,
  PRIMARY KEY (model, version, name),
  FOREIGN KEY (model, version) REFERENCES version_card (model, version)
);

CREATE TABLE model_alias (
  model ${text} NOT NULL,
  name ${text} NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (model, name),
  FOREIGN KEY (model, version) REFERENCES version_card (model, version)
);

CREATE INDEX model_alias_by_version ON model_alias (model, version);

-- By its beginning, since PostgreSQL's index pages hold no long values.
CREATE INDEX run_param_by_value ON run_param (name, SUBSTR(value, 1, 100));
CREATE INDEX run_tag_by_value ON run_tag (name, SUBSTR(value, 1, 100));
CREATE INDEX run_metric_by_value ON run_metric (name, value);
CREATE INDEX version_tag_by_value ON version_tag (name, SUBSTR(value, 1, 100));
CREATE INDEX registered_model_tag_by_value ON registered_model_tag (name, SUBSTR(value, 1, 100));
