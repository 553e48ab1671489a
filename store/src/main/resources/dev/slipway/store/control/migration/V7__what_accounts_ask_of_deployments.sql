-- On the last day on which they asked.
CREATE TABLE account_use (
  account ${text} NOT NULL,
  deployment ${text} NOT NULL,
  day BIGINT NOT NULL,
  asked BIGINT NOT NULL,
  PRIMARY KEY (account, deployment)
);
