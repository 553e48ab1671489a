CREATE TABLE audit_leaf (
  entry BIGINT PRIMARY KEY,
  leaf ${bytes} NOT NULL
);

INSERT INTO sequence_number (name, value) VALUES ('audit', 0);
ALTER TABLE deployment_history ADD COLUMN audit_index BIGINT;
