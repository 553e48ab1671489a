CREATE TABLE model_reference (
  model ${text} NOT NULL,
  version INTEGER NOT NULL,
  digest ${text} NOT NULL,
  document ${bytes} NOT NULL,
  created_micros BIGINT NOT NULL,
  PRIMARY KEY (model, version)
);

-- What was counted while versions answered, of many sources, rolled up to longer spans with age.
CREATE TABLE prediction_cell (
  deployment ${text} NOT NULL,
  start_seconds BIGINT NOT NULL,
  span_seconds INTEGER NOT NULL,
  model ${text} NOT NULL,
  version INTEGER NOT NULL,
  reference ${text} NOT NULL,
  epoch BIGINT NOT NULL,
  source ${text} NOT NULL,
  row_count BIGINT NOT NULL,
  counts ${bytes} NOT NULL,
  PRIMARY KEY (deployment, start_seconds, span_seconds, model, version, reference, epoch, source)
);

CREATE INDEX prediction_cell_age ON prediction_cell (span_seconds, start_seconds);
