-- What was reported of messages that are deleted for their age.
CREATE INDEX cases_place ON cases (room, seq) WHERE seq IS NOT NULL;
