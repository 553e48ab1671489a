CREATE TABLE one_more (
  name ${text} PRIMARY KEY
);
