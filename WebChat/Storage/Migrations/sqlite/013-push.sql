-- Where browsers are reached that have no page open. Each belongs to a session and ends with it.
CREATE TABLE push_subscriptions (
    endpoint   TEXT    PRIMARY KEY,                     -- an address of the browser's push service
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    session_id TEXT    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    p256dh     BLOB    NOT NULL,                        -- the browser's public key
    auth       BLOB    NOT NULL,                        -- what it shares with us alone
    language   TEXT    NOT NULL,
    site       TEXT    NOT NULL,                        -- where that browser finds this installation
    open_until INTEGER NOT NULL DEFAULT 0,              -- until then a page is open in it, as another node says
    created_at INTEGER NOT NULL
);
CREATE INDEX push_subscriptions_user ON push_subscriptions (user_id);
CREATE INDEX push_subscriptions_session ON push_subscriptions (session_id);

ALTER TABLE users ADD COLUMN notice_text INTEGER NOT NULL DEFAULT 1; -- 0: notifications say who wrote, and not what
