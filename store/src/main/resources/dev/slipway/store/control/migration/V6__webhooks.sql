CREATE TABLE webhook (
  id BIGINT PRIMARY KEY,
  url ${text} NOT NULL,
  events ${text} NOT NULL,
  secret ${text} NOT NULL,
  creator ${text} NOT NULL,
  created_micros BIGINT NOT NULL,
  enabled INTEGER NOT NULL,
  next_entry BIGINT NOT NULL,
  failures INTEGER NOT NULL,
  next_attempt_micros BIGINT NOT NULL,
  last_error ${text} NOT NULL
);

INSERT INTO sequence_number (name, value) VALUES ('webhook', 0);
