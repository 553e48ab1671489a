CREATE TABLE one_more (
  name ${text} PRIMARY KEY
);

UPDATE registered_model SET description = 'half-way';
INSERT INTO not_there (name) VALUES ('x');
