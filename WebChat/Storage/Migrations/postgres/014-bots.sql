-- A bot is a user that nobody signs in as, in one room. What it said stays when it goes, and then the user does.
ALTER TABLE users ADD COLUMN is_bot INTEGER NOT NULL DEFAULT 0;

CREATE TABLE bots (
    user_id    BIGINT  PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    room       BIGINT  NOT NULL REFERENCES rooms (number) ON DELETE CASCADE,
    made_by    BIGINT  NOT NULL REFERENCES users (id),
    token_id   TEXT    NOT NULL UNIQUE,                 -- SHA-256 of the token it posts by
    secret     TEXT    NOT NULL,                        -- what its calls are signed by, protected by the keys behind cookies
    webhook    TEXT    NULL,                            -- who is called when somebody names it
    failed_at  BIGINT  NULL,                            -- when the last call failed; null where it went well
    failure    TEXT    NULL,
    created_at BIGINT  NOT NULL
);
CREATE INDEX bots_room ON bots (room);
