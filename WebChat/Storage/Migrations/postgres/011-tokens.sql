-- A session that is no device but a program's token: what its owner calls it. It does not grow old, and ends with all others.
ALTER TABLE sessions ADD COLUMN token_name TEXT NULL;
