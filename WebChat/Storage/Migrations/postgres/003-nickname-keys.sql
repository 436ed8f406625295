-- The nickname in lower case, of every script, as the program writes it: neither engine alone knows the case of all letters.
-- Null is a row of before; the program fills it when it starts.
ALTER TABLE users ADD COLUMN nickname_key TEXT NULL;
DROP INDEX users_nickname;
CREATE INDEX users_nickname ON users (nickname_key);
