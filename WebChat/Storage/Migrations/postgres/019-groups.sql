-- Who may come into a group, who may write in it and who may ask others in.
ALTER TABLE rooms ADD COLUMN joining INTEGER NOT NULL DEFAULT 0;      -- 0 anyone, 1 by approval, 2 by invite link
ALTER TABLE rooms ADD COLUMN posting INTEGER NOT NULL DEFAULT 0;      -- 0 everybody, 1 administrators
ALTER TABLE rooms ADD COLUMN inviting INTEGER NOT NULL DEFAULT 0;     -- 0 administrators, 1 everybody
ALTER TABLE rooms ADD COLUMN announced_at BIGINT NULL;               -- when the announcement was last changed
ALTER TABLE members ADD COLUMN heard_at BIGINT NULL;                 -- which announcement the member has put away

-- Who may not write for a while. It outlasts a membership, or leaving and coming back would end it.
CREATE TABLE mutes (
    room       BIGINT  NOT NULL REFERENCES rooms (number) ON DELETE CASCADE,
    user_id    BIGINT  NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    until_at   BIGINT  NOT NULL,                        -- the largest number: until somebody ends it
    PRIMARY KEY (room, user_id)
);
CREATE INDEX mutes_user ON mutes (user_id);

CREATE TABLE join_requests (
    room       BIGINT  NOT NULL REFERENCES rooms (number) ON DELETE CASCADE,
    user_id    BIGINT  NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    message    TEXT    NOT NULL,
    created_at BIGINT  NOT NULL,
    PRIMARY KEY (room, user_id)
);
CREATE INDEX join_requests_user ON join_requests (user_id);

CREATE TABLE invites (
    id         TEXT    PRIMARY KEY,                     -- SHA-256 of the token in the link
    room       BIGINT  NOT NULL REFERENCES rooms (number) ON DELETE CASCADE,
    made_by    BIGINT  NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    uses       BIGINT  NULL,                            -- how many may come by it; null is any number
    used       BIGINT  NOT NULL DEFAULT 0,
    expires_at BIGINT  NULL,
    created_at BIGINT  NOT NULL
);
CREATE INDEX invites_room ON invites (room, created_at);
CREATE INDEX invites_maker ON invites (made_by);
