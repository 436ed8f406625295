-- Somebody who left: what they wrote may stay, and says that its author is gone. Nothing else of them does.
ALTER TABLE users ADD COLUMN deleted_at INTEGER NULL;

-- Account names that nobody gets any more, or what was said to one would be said to another.
CREATE TABLE reserved_accounts (
    account_key TEXT PRIMARY KEY
) WITHOUT ROWID;

-- Those who left and want nothing to stay: it is taken back bit by bit.
CREATE TABLE removals (
    user_id    INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    client_id  TEXT    NOT NULL DEFAULT '',             -- of the last message that was; they go in this order
    created_at INTEGER NOT NULL
);
