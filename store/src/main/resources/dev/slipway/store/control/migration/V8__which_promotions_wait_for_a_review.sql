ALTER TABLE promotion ADD COLUMN review_by_micros BIGINT;
CREATE INDEX promotion_review ON promotion (review_by_micros);
