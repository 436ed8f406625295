-- Links by which people make an account while only those who are invited can. What is in a link is not kept.
CREATE TABLE site_invites (
    id         TEXT    PRIMARY KEY,                     -- SHA-256 of the token in the link
    made_by    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    remark     TEXT    NOT NULL,                        -- whom it is for
    uses       INTEGER NULL,                            -- how many may come by it; null is any number
    used       INTEGER NOT NULL DEFAULT 0,
    expires_at INTEGER NULL,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX site_invites_maker ON site_invites (made_by);

-- What administrators say to everybody. The last one stands on every page, until it is withdrawn or its time is over.
CREATE TABLE announcements (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    made_by      INTEGER NOT NULL REFERENCES users (id),
    text         TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NULL,
    withdrawn_at INTEGER NULL
);
ALTER TABLE users ADD COLUMN heard_id INTEGER NOT NULL DEFAULT 0;   -- the last announcement that they have put away

-- The first message of a room that still stands: those before it were deleted for their age.
ALTER TABLE rooms ADD COLUMN first_seq INTEGER NOT NULL DEFAULT 1;
