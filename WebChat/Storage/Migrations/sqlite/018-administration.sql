-- What administrators did. It holds nothing that people wrote, and outlives what it is about.
CREATE TABLE audit (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    at       INTEGER NOT NULL,
    actor_id INTEGER NOT NULL REFERENCES users (id),
    act      TEXT    NOT NULL,
    user_id  INTEGER NULL REFERENCES users (id),
    room     INTEGER NULL,
    detail   TEXT    NOT NULL DEFAULT ''             -- a reason that was given, a count
);
CREATE INDEX audit_actor ON audit (actor_id, id);
CREATE INDEX audit_user ON audit (user_id, id);
CREATE INDEX audit_act ON audit (act, id);

-- Since when an administrator lets somebody in no more.
ALTER TABLE users ADD COLUMN disabled_at INTEGER NULL;

-- The users as their list shows them, in each of its orders.
CREATE INDEX users_listed ON users (account_key, id) WHERE is_bot = 0 AND deleted_at IS NULL;
CREATE INDEX users_created ON users (created_at, id) WHERE is_bot = 0 AND deleted_at IS NULL;
CREATE INDEX users_seen ON users (seen_at, id) WHERE is_bot = 0 AND deleted_at IS NULL;
CREATE INDEX users_admins ON users (id) WHERE is_admin = 1;
CREATE INDEX users_disabled ON users (id) WHERE disabled_at IS NOT NULL;
