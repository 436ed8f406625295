-- What a message is beside its words, and what becomes of it.
ALTER TABLE messages ADD COLUMN content TEXT NULL;        -- what its kind carries, as JSON: a picture's facts, a card's fields
ALTER TABLE messages ADD COLUMN digest TEXT NULL;         -- of what was posted: the same client id with another digest is refused
ALTER TABLE messages ADD COLUMN reply_to INTEGER NULL;    -- the seq of the message it answers
ALTER TABLE messages ADD COLUMN reactions TEXT NULL;      -- JSON: [{"emoji":"👍","by":[12,15]}]
ALTER TABLE messages ADD COLUMN edited_at INTEGER NULL;
ALTER TABLE messages ADD COLUMN recalled_at INTEGER NULL; -- its words and what it carried are gone
ALTER TABLE messages ADD COLUMN recalled_by INTEGER NULL;
ALTER TABLE messages ADD COLUMN pinned_at INTEGER NULL;
CREATE INDEX messages_pinned ON messages (room, pinned_at) WHERE pinned_at IS NOT NULL;

-- The words that an edit replaced, for administrators.
CREATE TABLE edits (
    room     INTEGER NOT NULL,
    seq      INTEGER NOT NULL,
    rev      INTEGER NOT NULL,                            -- the change that replaced them
    body     TEXT    NOT NULL,
    until_at INTEGER NOT NULL,
    PRIMARY KEY (room, seq, rev),
    FOREIGN KEY (room, seq) REFERENCES messages (room, seq) ON DELETE CASCADE
) WITHOUT ROWID;

ALTER TABLE members ADD COLUMN called_seq INTEGER NOT NULL DEFAULT 0; -- the last message that names the member
ALTER TABLE members ADD COLUMN since_seq INTEGER NOT NULL DEFAULT 0;  -- the last message before the member came: those up to it they have not read
